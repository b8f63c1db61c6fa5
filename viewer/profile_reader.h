// Reads a profile (profile_format.h).
//
// Thread-safe: pure functions.
#pragma once

#include "absl/status/statusor.h"
#include "viewer/input_file.h"
#include "viewer/recording.h"

namespace heapcrest {

// A file that was cut gives what stands before the cut, and a warning.
// REQUIRES: the file is of kind kProfile.
absl::StatusOr<Recording> ReadProfile(const InputFile& file);

}  // namespace heapcrest
