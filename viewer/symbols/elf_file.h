// An ELF file opened for its symbols: executable, library or separate debug file.
//
// The file is mapped, not read: of 100 MB only the pages with symbols are touched. What its headers
// say is not trusted: libelf checks offsets against the file's size.
//
// Not thread-safe.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"

struct Elf;

namespace heapcrest {

// The name of a separate debug file and the checksum of its content, as `objcopy
// --add-gnu-debuglink` notes them.
struct DebugLink {
  std::string name;  // empty: none
  uint32_t crc = 0;
};

class ElfFile {
 public:
  static absl::StatusOr<ElfFile> Open(const std::string& path);
  ElfFile(ElfFile&& other) noexcept;
  ElfFile& operator=(ElfFile&& other) noexcept;
  ~ElfFile();

  Elf* elf() const { return elf_; }
  const std::string& path() const { return path_; }
  std::string BuildId() const;  // raw bytes; empty: built without one
  DebugLink Link() const;
  bool HasSection(std::string_view name) const;  // with content, which a debug file's .text lacks

 private:
  ElfFile(std::string path, int fd, Elf* elf) : path_(std::move(path)), fd_(fd), elf_(elf) {}

  std::string path_;
  int fd_ = -1;
  Elf* elf_ = nullptr;
};

// The build id of the file at `path`, raw; an error if there is no such ELF file.
absl::StatusOr<std::string> BuildIdOf(const std::string& path);

}  // namespace heapcrest
