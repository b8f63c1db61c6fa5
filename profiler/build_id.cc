#include "profiler/build_id.h"

#include <elf.h>
#include <link.h>
#include <sys/auxv.h>

#include <cstring>

#include "profiler/format/record.h"

namespace heapcrest {
namespace {

struct Segments {
  const ElfW(Phdr) * first;
  size_t count;

  bool AreLoaded(uintptr_t bias, uintptr_t at, size_t bytes) const {
    for (size_t i = 0; i < count; ++i) {
      if (first[i].p_type != PT_LOAD) continue;
      const uintptr_t offset = at - bias - first[i].p_vaddr;
      if (offset <= first[i].p_filesz && bytes <= first[i].p_filesz - offset) return true;
    }
    return false;
  }
};

// The loader tells of an executable only the segment that an address lies in, unless all segments
// stand side by side: its headers may be elsewhere, and the kernel says where.
Segments SegmentsOf(const dl_find_object& object) {
  const char* name = object.dlfo_link_map->l_name;
  if (name == nullptr || name[0] == 0) {
    return {reinterpret_cast<const ElfW(Phdr)*>(getauxval(AT_PHDR)), getauxval(AT_PHNUM)};
  }
  const auto start = reinterpret_cast<uintptr_t>(object.dlfo_map_start);
  const auto end = reinterpret_cast<uintptr_t>(object.dlfo_map_end);
  const auto* header = reinterpret_cast<const ElfW(Ehdr)*>(start);
  if (memcmp(header->e_ident, ELFMAG, SELFMAG) != 0) return {nullptr, 0};
  const size_t bytes = header->e_phnum * sizeof(ElfW(Phdr));
  if (header->e_phoff > end - start - bytes) return {nullptr, 0};
  return {reinterpret_cast<const ElfW(Phdr)*>(start + header->e_phoff), header->e_phnum};
}

// Out of one note segment.
size_t CopyFromNotes(uintptr_t at, uintptr_t end, uint8_t* build_id) {
  while (end - at >= sizeof(ElfW(Nhdr))) {
    const auto* note = reinterpret_cast<const ElfW(Nhdr)*>(at);
    const size_t name_bytes = (note->n_namesz + size_t{3}) & ~size_t{3};
    const size_t data_bytes = (note->n_descsz + size_t{3}) & ~size_t{3};
    if (end - at - sizeof(*note) < name_bytes + data_bytes) return 0;
    const auto* name = reinterpret_cast<const char*>(note + 1);
    if (note->n_type == NT_GNU_BUILD_ID && note->n_namesz == 4 && memcmp(name, "GNU", 4) == 0 &&
        note->n_descsz <= kMaxBuildIdBytes) {
      memcpy(build_id, name + name_bytes, note->n_descsz);
      return note->n_descsz;
    }
    at += sizeof(*note) + name_bytes + data_bytes;
  }
  return 0;
}

}  // namespace

size_t CopyBuildId(const dl_find_object& object, uint8_t* build_id) {
  const Segments segments = SegmentsOf(object);
  const uintptr_t bias = object.dlfo_link_map->l_addr;
  for (size_t i = 0; i < segments.count; ++i) {
    const ElfW(Phdr)& segment = segments.first[i];
    const uintptr_t at = bias + segment.p_vaddr;
    if (segment.p_type != PT_NOTE || !segments.AreLoaded(bias, at, segment.p_memsz)) continue;
    const size_t bytes = CopyFromNotes(at, at + segment.p_memsz, build_id);
    if (bytes != 0) return bytes;
  }
  return 0;
}

}  // namespace heapcrest
