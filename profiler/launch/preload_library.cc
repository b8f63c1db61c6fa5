#include "profiler/launch/preload_library.h"

#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace heapcrest {
namespace {

// Where an install puts the library, seen from the folder of the command; set by CMake.
constexpr const char* kInstalled = HEAPCREST_LIBRARY_FROM_COMMAND;
constexpr const char* kBuilt = "../lib/libheapcrest.so";

}  // namespace

absl::StatusOr<std::string> FindPreloadLibraryNear(const std::string& command_folder) {
  for (const char* place : {kBuilt, kInstalled}) {
    const std::string path = absl::StrCat(command_folder, "/", place);
    char resolved[PATH_MAX];
    if (realpath(path.c_str(), resolved) == nullptr) continue;
    // LD_PRELOAD is a list that spaces and colons separate, and it knows no quoting.
    if (strpbrk(resolved, " :\t\n") != nullptr) {
      return absl::FailedPreconditionError(absl::StrCat(
          "the loader cannot preload '", resolved,
          "', because of the space or colon in its path. Install heapcrest elsewhere."));
    }
    return resolved;
  }
  return absl::NotFoundError(absl::StrCat("libheapcrest.so is not at '", command_folder, "/",
                                          kInstalled, "'. Install heapcrest again."));
}

absl::StatusOr<std::string> FindPreloadLibrary() {
  char path[PATH_MAX];
  const ssize_t length = readlink("/proc/self/exe", path, sizeof(path));
  if (length <= 0 || length == sizeof(path)) {
    return absl::FailedPreconditionError(
        absl::StrCat("cannot read /proc/self/exe: ", strerror(errno), ". Mount /proc."));
  }
  const std::string self(path, static_cast<size_t>(length));
  return FindPreloadLibraryNear(self.substr(0, self.rfind('/')));
}

}  // namespace heapcrest
