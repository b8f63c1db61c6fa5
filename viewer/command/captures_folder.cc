#include "viewer/command/captures_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <vector>

#include "absl/strings/str_cat.h"
#include "profiler/format/capture_format.h"

namespace heapcrest {
namespace {

constexpr size_t kMaxFolderBytes = 4000;  // leaves room for the capture's own name in a path

std::vector<std::filesystem::path> Captures(const std::string& folder) {
  std::vector<std::filesystem::path> captures;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->path().extension() == ".capture") captures.push_back(entry->path());
  }
  return captures;
}

bool HasHeader(const std::filesystem::path& capture) {
  std::error_code error;
  return std::filesystem::file_size(capture, error) >= kCaptureHeaderBytes && !error;
}

// The program's own attempt left no trace of its error: the same again tells. 0: it works now.
int ErrorOfWriting(const std::filesystem::path& capture) {
  const int file = open(capture.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
  if (file < 0) return errno;
  const int error = posix_fallocate(file, 0, kCaptureHeaderBytes + kChunkBytes);
  close(file);
  return error;
}

}  // namespace

absl::StatusOr<std::string> MakeCapturesFolder(const std::string& path) {
  if (mkdir(path.c_str(), 0777) != 0) {
    std::error_code error;
    if (errno != EEXIST) {
      return absl::FailedPreconditionError(absl::StrCat("cannot make the folder '", path,
                                                        "': ", strerror(errno),
                                                        ". Choose another place with -o."));
    }
    if (!std::filesystem::is_empty(path, error) || error) {
      return absl::AlreadyExistsError(absl::StrCat(
          "'", path, "' is there already, perhaps from a run that was cut short. Look at it with ",
          "`heapcrest report`, remove it, or choose another place with -o."));
    }
  }
  char absolute[PATH_MAX];
  if (realpath(path.c_str(), absolute) == nullptr || access(absolute, W_OK | X_OK) != 0) {
    return absl::FailedPreconditionError(absl::StrCat(
        "cannot write into '", path, "': ", strerror(errno), ". Choose another place with -o."));
  }
  // A server that gives up root's rights forks workers afterwards: each makes a capture of its own,
  // as whoever it has become. Names are unguessable enough and never followed (O_EXCL).
  if (geteuid() == 0) chmod(absolute, S_ISVTX | 0733);
  if (strlen(absolute) > kMaxFolderBytes) {
    return absl::InvalidArgumentError(
        "the path of the captures is too long. Choose a shorter one.");
  }
  return absolute;
}

absl::Status CheckWritten(const std::string& path) {
  const std::vector<std::filesystem::path> captures = Captures(path);
  if (captures.empty() || std::any_of(captures.begin(), captures.end(), HasHeader)) {
    return absl::OkStatus();
  }
  const int error = ErrorOfWriting(captures.front());
  const char* advice =
      error == EFBIG ? ". Raise the limit: ulimit -f unlimited" : ". Choose another place with -o.";
  return absl::ResourceExhaustedError(absl::StrCat("nothing was recorded: the captures in '", path,
                                                   "' could not be written", error == 0 ? "" : ": ",
                                                   error == 0 ? "" : strerror(error), advice));
}

void RemoveCapturesFolder(const std::string& path) {
  for (const std::filesystem::path& capture : Captures(path)) unlink(capture.c_str());
  rmdir(path.c_str());
}

bool HasCaptures(const std::string& path) { return !Captures(path).empty(); }

}  // namespace heapcrest
