#include "viewer/symbols/elf_file.h"

#include <elfutils/libdwelf.h>
#include <fcntl.h>
#include <gelf.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"

namespace heapcrest {
namespace {

bool IsExecutableOrLibrary(Elf* elf) {
  GElf_Ehdr header;
  return elf_kind(elf) == ELF_K_ELF && gelf_getehdr(elf, &header) != nullptr &&
         (header.e_type == ET_EXEC || header.e_type == ET_DYN);
}

}  // namespace

absl::StatusOr<ElfFile> ElfFile::Open(const std::string& path) {
  elf_version(EV_CURRENT);
  // A recorded path may be a pipe or a device by now: neither wait for it nor read it.
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (fd < 0) return absl::ErrnoToStatus(errno, absl::StrCat("cannot open ", path));
  ElfFile file(path, fd, nullptr);  // closes fd
  struct stat status;
  if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
    return absl::InvalidArgumentError(absl::StrCat(path, " is not a regular file"));
  }
  file.elf_ = elf_begin(fd, ELF_C_READ_MMAP, nullptr);
  if (file.elf_ == nullptr || !IsExecutableOrLibrary(file.elf_)) {
    return absl::InvalidArgumentError(absl::StrCat(path, " is not an ELF program or library"));
  }
  return file;
}

ElfFile::ElfFile(ElfFile&& other) noexcept
    : path_(std::move(other.path_)),
      fd_(std::exchange(other.fd_, -1)),
      elf_(std::exchange(other.elf_, nullptr)) {}

ElfFile& ElfFile::operator=(ElfFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(fd_, other.fd_);
  std::swap(elf_, other.elf_);
  return *this;
}

ElfFile::~ElfFile() {
  if (elf_ != nullptr) elf_end(elf_);
  if (fd_ >= 0) close(fd_);
}

std::string ElfFile::BuildId() const {
  const void* id = nullptr;
  const ssize_t bytes = dwelf_elf_gnu_build_id(elf_, &id);
  return bytes > 0 ? std::string(static_cast<const char*>(id), static_cast<size_t>(bytes)) : "";
}

DebugLink ElfFile::Link() const {
  GElf_Word crc = 0;
  const char* name = dwelf_elf_gnu_debuglink(elf_, &crc);
  return name == nullptr ? DebugLink() : DebugLink{name, crc};
}

bool ElfFile::HasSection(std::string_view name) const {
  size_t names = 0;
  if (elf_getshdrstrndx(elf_, &names) != 0) return false;
  for (Elf_Scn* section = nullptr; (section = elf_nextscn(elf_, section)) != nullptr;) {
    GElf_Shdr header;
    if (gelf_getshdr(section, &header) == nullptr || header.sh_type == SHT_NOBITS) continue;
    const char* found = elf_strptr(elf_, names, header.sh_name);
    if (found != nullptr && name == found) return true;
  }
  return false;
}

absl::StatusOr<std::string> BuildIdOf(const std::string& path) {
  absl::StatusOr<ElfFile> file = ElfFile::Open(path);
  if (!file.ok()) return file.status();
  return file->BuildId();
}

}  // namespace heapcrest
