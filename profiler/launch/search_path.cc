#include "profiler/launch/search_path.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace heapcrest {
namespace {

bool IsExecutableFile(const std::string& path) {
  struct stat info = {};
  return stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) &&
         faccessat(AT_FDCWD, path.c_str(), X_OK, AT_EACCESS) == 0;
}

absl::Status WhyNotExecutable(const std::string& path) {
  struct stat info = {};
  if (stat(path.c_str(), &info) != 0) {
    const char* advice = errno == ENOENT || errno == ENOTDIR ? ". Check the path." : ".";
    return absl::NotFoundError(
        absl::StrCat("cannot find the program '", path, "': ", strerror(errno), advice));
  }
  if (S_ISDIR(info.st_mode)) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", path, "' is a folder. Name the program inside it."));
  }
  if (!S_ISREG(info.st_mode)) {
    return absl::InvalidArgumentError(absl::StrCat("'", path, "' is not a program."));
  }
  return absl::PermissionDeniedError(
      absl::StrCat("'", path, "' is not executable. Allow it with: chmod +x '", path, "'"));
}

std::string DefaultSearchPath() {
  std::string path(confstr(_CS_PATH, nullptr, 0), '\0');
  confstr(_CS_PATH, path.data(), path.size());
  path.pop_back();  // the NUL
  return path;
}

}  // namespace

absl::StatusOr<std::string> FindProgram(const std::string& name, const char* search_path) {
  if (name.empty()) return absl::InvalidArgumentError("the program's name is empty.");
  if (name.find('/') != name.npos) {
    if (!IsExecutableFile(name)) return WhyNotExecutable(name);
    return name;
  }
  const std::string folders = search_path != nullptr ? search_path : DefaultSearchPath();
  std::string not_executable;
  for (const absl::string_view folder : absl::StrSplit(folders, ':')) {
    // An empty entry of PATH is the current folder.
    const std::string path = absl::StrCat(folder.empty() ? "." : folder, "/", name);
    if (IsExecutableFile(path)) return path;
    if (not_executable.empty() && access(path.c_str(), F_OK) == 0) not_executable = path;
  }
  if (!not_executable.empty()) return WhyNotExecutable(not_executable);
  const std::string here = "./" + name;
  return absl::NotFoundError(
      IsExecutableFile(here)
          ? absl::StrCat("'", name, "' is not in PATH. Did you mean ", here, "?")
          : absl::StrCat("'", name, "' is not in PATH. Check its name, or give its path."));
}

}  // namespace heapcrest
