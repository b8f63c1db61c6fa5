// A file that is read piece by piece, never mapped: a file that shrinks while we read it is then
// short, and not a SIGBUS. Knows the first bytes that all our files have in common.
//
// Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "profiler/format/capture_format.h"

namespace heapcrest {

inline constexpr uint64_t kCommonHeaderBytes = 16;  // magic, version, kind

class InputFile {
 public:
  static absl::StatusOr<InputFile> Open(const std::string& path);
  InputFile(InputFile&& other) noexcept;
  InputFile& operator=(InputFile&&) = delete;
  ~InputFile();

  const std::string& path() const { return path_; }
  uint64_t size() const { return size_; }
  uint64_t changed_ns() const { return changed_ns_; }  // its content, CLOCK_REALTIME

  // Fills `bytes` from `offset` on as far as the file goes; returns how far.
  absl::StatusOr<size_t> Read(uint64_t offset, void* bytes, size_t count) const;

  // Which of our files it is. Refuses others, and those of a later version.
  absl::StatusOr<FileKind> ReadKind() const;

  // "PATH: byte OFFSET: WHAT; the file is damaged: ..."
  absl::Status Damage(uint64_t offset, const std::string& what) const;

 private:
  InputFile(std::string path, int file) : path_(std::move(path)), file_(file) {}

  std::string path_;
  int file_;
  uint64_t size_ = 0;
  uint64_t changed_ns_ = 0;
};

}  // namespace heapcrest
