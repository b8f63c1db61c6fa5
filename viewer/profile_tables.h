// The tables of a profile as columns: texts, frames, locations, stacks. What Encode writes Decode
// reads; they stand side by side so that they stay that way.
//
// Decoders fill empty tables and are false when the content makes no sense: an id that does not
// exist, a table that breaks an invariant of recording.h.
//
// Thread-safe: pure functions.
#pragma once

#include <string>
#include <string_view>

#include "viewer/recording.h"

namespace heapcrest {

std::string EncodeStrings(const StringTable& strings);
bool DecodeStrings(std::string_view content, StringTable* strings);

// REQUIRES: `recording` has its strings.
std::string EncodeFrames(const Recording& recording);
bool DecodeFrames(std::string_view content, Recording* recording);

// REQUIRES: `recording` has its strings.
std::string EncodeSource(const Recording& recording);
bool DecodeSource(std::string_view content, Recording* recording);

// REQUIRES: `recording` has its frames.
std::string EncodeLocations(const Process& process);
bool DecodeLocations(std::string_view content, const Recording& recording, Process* process);

// REQUIRES: `process` has its locations.
std::string EncodeStacks(const Process& process);
bool DecodeStacks(std::string_view content, Process* process);

}  // namespace heapcrest
