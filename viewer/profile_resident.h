// The block of a profile that says what a process held in RAM: docs/file-format.md.
//
// Thread-safe: pure functions.
#pragma once

#include <string>
#include <string_view>

#include "viewer/recording.h"

namespace heapcrest {

std::string EncodeResident(const Resident& resident);

// False: damaged.
bool DecodeResident(std::string_view content, Resident* resident);

}  // namespace heapcrest
