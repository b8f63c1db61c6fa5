// Writes a profile: the one file that users keep, read back without the binaries in any year.
// Layout: docs/file-format.md.
//
// Thread-safe: pure functions.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "viewer/recording.h"

namespace heapcrest {

// Whole or not at all; refuses to replace a file that is no profile. Times are kept to the
// microsecond and in their order; everything else is kept as it is.
absl::Status WriteProfile(const Recording& recording, const std::string& path);

}  // namespace heapcrest
