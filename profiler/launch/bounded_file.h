// Reads pieces of a file at checked offsets. Never mapped: a file that is cut while we look at it
// is then a short read, not a SIGBUS.
//
// Thread-safe once opened.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"

namespace heapcrest {

class BoundedFile {
 public:
  static absl::StatusOr<BoundedFile> Open(const std::string& path);
  BoundedFile(BoundedFile&& other) noexcept;
  BoundedFile(const BoundedFile&) = delete;
  BoundedFile& operator=(const BoundedFile&) = delete;
  ~BoundedFile();

  uint64_t size() const { return size_; }

  // Exactly `count` bytes from `offset`, or false.
  bool ReadAt(uint64_t offset, void* out, size_t count) const;

  // As many as there are, at most `count`.
  size_t ReadSome(uint64_t offset, void* out, size_t count) const;

 private:
  BoundedFile(int fd, uint64_t size) : fd_(fd), size_(size) {}

  int fd_;
  uint64_t size_;
};

}  // namespace heapcrest
