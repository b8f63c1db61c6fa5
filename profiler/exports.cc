#include "profiler/exports.h"

#include <elf.h>

#include <cstdint>
#include <cstring>

namespace heapcrest {
namespace {

struct Tables {
  const ElfW(Sym) * symbols = nullptr;
  const char* names = nullptr;
  const uint32_t* hashes = nullptr;
  const ElfW(Half) * versions = nullptr;
};

constexpr ElfW(Half) kHiddenVersion = 0x8000;  // for who was linked against an older library

// glibc has made addresses of the offsets in the dynamic section, all but the vdso's.
Tables TablesOf(const link_map& object) {
  Tables tables;
  for (const ElfW(Dyn)* entry = object.l_ld; entry != nullptr && entry->d_tag != DT_NULL; ++entry) {
    if (entry->d_un.d_ptr < object.l_addr) continue;
    const auto* at = reinterpret_cast<const void*>(entry->d_un.d_ptr);
    if (entry->d_tag == DT_SYMTAB) tables.symbols = static_cast<const ElfW(Sym)*>(at);
    if (entry->d_tag == DT_STRTAB) tables.names = static_cast<const char*>(at);
    if (entry->d_tag == DT_VERSYM) tables.versions = static_cast<const ElfW(Half)*>(at);
    if (entry->d_tag == DT_GNU_HASH) tables.hashes = static_cast<const uint32_t*>(at);
  }
  return tables;
}

uint32_t GnuHash(const char* name) {
  uint32_t hash = 5381;
  for (; *name != 0; ++name) hash = hash * 33 + static_cast<uint8_t>(*name);
  return hash;
}

}  // namespace

Export FindExport(const link_map& object, const char* name) {
  const Tables tables = TablesOf(object);
  if (!tables.symbols || !tables.names || !tables.hashes) return {};
  const uint32_t bucket_count = tables.hashes[0], first = tables.hashes[1];
  const uint32_t bloom_words = tables.hashes[2];
  if (bucket_count == 0) return {};
  const uint32_t* buckets = tables.hashes + 4 + bloom_words * (sizeof(ElfW(Addr)) / 4);
  const uint32_t* chains = buckets + bucket_count;
  const uint32_t hash = GnuHash(name);
  uint32_t i = buckets[hash % bucket_count];
  if (i < first) return {};
  for (;; ++i) {
    const uint32_t candidate = chains[i - first];
    const ElfW(Sym)& symbol = tables.symbols[i];
    const bool is_hidden = tables.versions != nullptr && (tables.versions[i] & kHiddenVersion) != 0;
    if ((candidate | 1) == (hash | 1) && symbol.st_shndx != SHN_UNDEF && !is_hidden &&
        strcmp(tables.names + symbol.st_name, name) == 0) {
      return {reinterpret_cast<const void*>(object.l_addr + symbol.st_value), symbol.st_size};
    }
    if (candidate & 1) return {};
  }
}

}  // namespace heapcrest
