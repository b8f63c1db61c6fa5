// Finds libheapcrest.so beside the command that runs: in a build tree and under any install prefix.
//
// Thread-safe: pure functions of the file system.
#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace heapcrest {

// For this process: by /proc/self/exe.
absl::StatusOr<std::string> FindPreloadLibrary();

// For a command that lies in `command_folder`.
absl::StatusOr<std::string> FindPreloadLibraryNear(const std::string& command_folder);

}  // namespace heapcrest
