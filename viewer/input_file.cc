#include "viewer/input_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <utility>

#include "viewer/units.h"

namespace heapcrest {
namespace {

absl::Status Failure(const std::string& path) {
  return absl::NotFoundError(path + ": cannot be read: " + strerrordesc_np(errno));
}

}  // namespace

absl::StatusOr<InputFile> InputFile::Open(const std::string& path) {
  // Not blocking: nobody may ever write to a pipe of that name.
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (descriptor < 0) return Failure(path);
  InputFile file(path, descriptor);
  struct stat status;
  if (fstat(descriptor, &status) != 0) return Failure(path);
  if (!S_ISREG(status.st_mode)) {
    return absl::InvalidArgumentError(path + ": is not a file; name a .heapcrest profile");
  }
  file.size_ = static_cast<uint64_t>(status.st_size);
  file.changed_ns_ = static_cast<uint64_t>(status.st_mtim.tv_sec) * kNanosecondsPerSecond +
                     static_cast<uint64_t>(status.st_mtim.tv_nsec);
  return file;
}

InputFile::InputFile(InputFile&& other) noexcept
    : path_(std::move(other.path_)),
      file_(std::exchange(other.file_, -1)),
      size_(other.size_),
      changed_ns_(other.changed_ns_) {}

InputFile::~InputFile() {
  if (file_ >= 0) close(file_);
}

absl::StatusOr<size_t> InputFile::Read(uint64_t offset, void* bytes, size_t count) const {
  size_t done = 0;
  while (done < count) {
    const ssize_t got = pread(file_, static_cast<char*>(bytes) + done, count - done,
                              static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Failure(path_);
    if (got == 0) break;
    done += static_cast<size_t>(got);
  }
  return done;
}

absl::StatusOr<FileKind> InputFile::ReadKind() const {
  struct {
    char magic[8];
    uint32_t version;
    FileKind kind;
  } common;
  static_assert(sizeof(common) == kCommonHeaderBytes);
  const absl::StatusOr<size_t> count = Read(0, &common, sizeof(common));
  if (!count.ok()) return count.status();
  if (*count < sizeof(common) || memcmp(common.magic, kMagic, sizeof(kMagic)) != 0) {
    return absl::InvalidArgumentError(
        path_ +
        ": is not a heapcrest profile; name the .heapcrest file that `heapcrest run` wrote");
  }
  if (common.version > kFormatVersion) {
    return absl::UnimplementedError(path_ + ": was written by a newer heapcrest (format " +
                                    std::to_string(common.version) + ", this one reads up to " +
                                    std::to_string(kFormatVersion) + "); update heapcrest");
  }
  if (common.version == 0) return Damage(8, "format 0 does not exist");
  if (common.kind != FileKind::kCapture && common.kind != FileKind::kProfile) {
    return Damage(
        12, "file kind " + std::to_string(static_cast<uint32_t>(common.kind)) + " does not exist");
  }
  return common.kind;
}

absl::Status InputFile::Damage(uint64_t offset, const std::string& what) const {
  return absl::DataLossError(path_ + ": byte " + std::to_string(offset) + ": " + what +
                             "; the file is damaged: copy it again or record anew");
}

}  // namespace heapcrest
