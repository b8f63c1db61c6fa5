// Opens what the user names: a profile, one capture, or a folder of captures.
//
// Thread-safe: pure functions.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "viewer/recording.h"

namespace heapcrest {

// Reads a whole recording: a profile as it is, captures without symbols. Of a folder each capture
// becomes a process, by start; one that cannot be read becomes a warning, as does a file that is
// cut short. An error says which file, where and what to do. Hostile input: bounded memory, no
// crash. REQUIRES nothing of the file; the recording has at least one process, all its ids are
// valid, its samples are sorted and its weights add up without overflow.
absl::StatusOr<Recording> ReadRecording(const std::string& path);

}  // namespace heapcrest
