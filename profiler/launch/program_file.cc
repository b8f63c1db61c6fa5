#include "profiler/launch/program_file.h"

#include <elf.h>
#include <link.h>

#include <cstring>
#include <optional>

#include "absl/strings/str_cat.h"
#include "profiler/launch/bounded_file.h"
#include "profiler/launch/elf_symbols.h"

namespace heapcrest {
namespace {

using Header = ElfW(Ehdr);
using Segment = ElfW(Phdr);

constexpr size_t kMaxInterpreterBytes = 4096;

#if __ELF_NATIVE_CLASS == 64
constexpr uint8_t kNativeClass = ELFCLASS64;
#else
constexpr uint8_t kNativeClass = ELFCLASS32;
#endif

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
constexpr uint8_t kNativeOrder = ELFDATA2LSB;
#else
constexpr uint8_t kNativeOrder = ELFDATA2MSB;
#endif

#if defined(__x86_64__)
constexpr uint16_t kNativeMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr uint16_t kNativeMachine = EM_AARCH64;
#else
#error "heapcrest has not been taught this machine's ELF number"
#endif

absl::Status Damaged(const std::string& path, const char* what, uint64_t offset) {
  return absl::InvalidArgumentError(absl::StrCat("'", path, "' is a damaged ELF file: ", what,
                                                 " (offset ", offset,
                                                 "). Build or install the program again."));
}

absl::Status ReadInterpreter(const BoundedFile& in, const std::string& path, const Segment& segment,
                             ProgramFile* file) {
  if (segment.p_filesz == 0 || segment.p_filesz > kMaxInterpreterBytes) {
    return Damaged(path, "the name of its loader has an impossible length", segment.p_offset);
  }
  std::string name(segment.p_filesz, '\0');
  if (!in.ReadAt(segment.p_offset, name.data(), name.size())) {
    return Damaged(path, "it ends before the name of its loader", segment.p_offset);
  }
  file->interpreter = name.substr(0, name.find('\0'));
  return absl::OkStatus();
}

absl::Status ReadSegments(const BoundedFile& in, const std::string& path, const Header& header,
                          ProgramFile* file) {
  if (header.e_phnum != 0 && header.e_phentsize != sizeof(Segment)) {
    return Damaged(path, "its program headers have an unknown size", header.e_phoff);
  }
  for (unsigned i = 0; i < header.e_phnum; ++i) {
    Segment segment;
    const uint64_t offset = header.e_phoff + uint64_t{i} * sizeof(Segment);
    if (!in.ReadAt(offset, &segment, sizeof(segment))) {
      return Damaged(path, "it ends before its program headers", offset);
    }
    if (segment.p_type == PT_INTERP) return ReadInterpreter(in, path, segment, file);
  }
  return absl::OkStatus();
}

// What stands at the same place in both classes.
ProgramFile KindOf(const Header& header) {
  ProgramFile file;
  file.elf_class = header.e_ident[EI_CLASS];
  file.byte_order = header.e_ident[EI_DATA];
  file.type = header.e_type;
  file.machine = header.e_machine;
  return file;
}

}  // namespace

absl::StatusOr<ProgramFile> ReadProgramFile(const std::string& path) {
  absl::StatusOr<BoundedFile> in = BoundedFile::Open(path);
  if (!in.ok()) return in.status();
  Header header = {};
  if (!in->ReadAt(0, header.e_ident, SELFMAG) || memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) {
    return absl::NotFoundError(absl::StrCat("'", path, "' is not an ELF file"));
  }
  if (!in->ReadAt(0, &header, offsetof(Header, e_version))) {
    return Damaged(path, "it ends within its header", in->size());
  }
  ProgramFile file = KindOf(header);
  if (!IsNative(file)) return file;
  if (!in->ReadAt(0, &header, sizeof(header))) {
    return Damaged(path, "it ends within its header", in->size());
  }
  if (absl::Status status = ReadSegments(*in, path, header, &file); !status.ok()) return status;
  file.defines_malloc = DefinesFunction(*in, header, "malloc");
  return file;
}

bool IsNative(const ProgramFile& file) {
  return file.elf_class == kNativeClass && file.byte_order == kNativeOrder &&
         file.machine == kNativeMachine;
}

bool ReadNativeHeader(const BoundedFile& in, Header* header) {
  return in.ReadAt(0, header, sizeof(*header)) && memcmp(header->e_ident, ELFMAG, SELFMAG) == 0 &&
         IsNative(KindOf(*header));
}

}  // namespace heapcrest
