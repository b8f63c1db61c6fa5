#include "profiler/launch/zeroed_data.h"

#include <elf.h>
#include <link.h>
#include <unistd.h>

#include <algorithm>

#include "profiler/launch/bounded_file.h"
#include "profiler/launch/program_file.h"

namespace heapcrest {
namespace {

using Header = ElfW(Ehdr);
using Segment = ElfW(Phdr);

uint64_t PagesUpTo(uint64_t address) {
  const auto page = static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  return (address + page - 1) / page * page;
}

}  // namespace

std::optional<uint64_t> ZeroedBytesOf(const std::string& path) {
  const absl::StatusOr<BoundedFile> in = BoundedFile::Open(path);
  Header header = {};
  if (!in.ok() || !ReadNativeHeader(*in, &header) || header.e_phentsize != sizeof(Segment)) {
    return std::nullopt;
  }
  uint64_t zeroed = 0;
  for (unsigned i = 0; i < header.e_phnum; ++i) {
    Segment segment;
    if (!in->ReadAt(header.e_phoff + i * sizeof(segment), &segment, sizeof(segment))) {
      return std::nullopt;
    }
    const bool is_data = segment.p_type == PT_LOAD && (segment.p_flags & PF_W) != 0;
    if (!is_data || segment.p_memsz <= segment.p_filesz) continue;
    zeroed = std::max(zeroed, PagesUpTo(segment.p_vaddr + segment.p_memsz) -
                                  PagesUpTo(segment.p_vaddr + segment.p_filesz));
  }
  return zeroed;
}

}  // namespace heapcrest
