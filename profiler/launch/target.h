// Finds the program that `heapcrest run` is to start, and says beforehand when nothing of it would
// be recorded: the profiler enters a program through glibc's dynamic loader, so a program that
// this loader does not start, or starts with LD_PRELOAD ignored, is refused with what to do.
//
// Scripts are followed to their interpreter, as the kernel would, and through `env`.
//
// Thread-safe: pure functions of the file system and PATH.
#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace heapcrest {

struct Target {
  std::string path;             // what to execute: a program or a script
  std::string executable;       // the ELF file that runs in the end
  bool defines_malloc = false;  // has an allocator linked in: our hooks may never run
};

// `name` as the user typed it: with a '/' it is a path, otherwise it is looked up in the folders of
// `search_path` (PATH; null: the system's default).
absl::StatusOr<Target> FindTarget(const std::string& name, const char* search_path);

}  // namespace heapcrest
