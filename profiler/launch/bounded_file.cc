#include "profiler/launch/bounded_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"

namespace heapcrest {

absl::StatusOr<BoundedFile> BoundedFile::Open(const std::string& path) {
  // O_NONBLOCK: opening a FIFO must not wait for a writer.
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  struct stat info = {};
  if (fd < 0 || fstat(fd, &info) != 0) {
    const int error = errno;
    if (fd >= 0) close(fd);
    return absl::PermissionDeniedError(absl::StrCat("cannot read '", path, "': ", strerror(error)));
  }
  BoundedFile file(fd, static_cast<uint64_t>(std::max<off_t>(info.st_size, 0)));
  if (!S_ISREG(info.st_mode)) {
    return absl::InvalidArgumentError(absl::StrCat("'", path, "' is not a regular file"));
  }
  return file;
}

BoundedFile::BoundedFile(BoundedFile&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), size_(other.size_) {}

BoundedFile::~BoundedFile() {
  if (fd_ >= 0) close(fd_);
}

bool BoundedFile::ReadAt(uint64_t offset, void* out, size_t count) const {
  return ReadSome(offset, out, count) == count;
}

size_t BoundedFile::ReadSome(uint64_t offset, void* out, size_t count) const {
  if (offset > size_) return 0;
  count = static_cast<size_t>(std::min<uint64_t>(count, size_ - offset));
  size_t done = 0;
  while (done < count) {
    const ssize_t got =
        pread(fd_, static_cast<char*>(out) + done, count - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    done += static_cast<size_t>(got);
  }
  return done;
}

}  // namespace heapcrest
