// Finds a program by name like execvp does.
//
// Thread-safe: pure functions of the file system.
#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace heapcrest {

// The file that `name` stands for: itself if it holds a '/', otherwise the first executable file
// of that name in the folders of `search_path` (null: the system's default). The error says why
// there is none and what to do.
absl::StatusOr<std::string> FindProgram(const std::string& name, const char* search_path);

}  // namespace heapcrest
