#include "profiler/launch/elf_symbols.h"

#include <elf.h>

#include <algorithm>
#include <string>
#include <unordered_set>
#include <vector>

namespace heapcrest {
namespace {

using Header = ElfW(Ehdr);
using Section = ElfW(Shdr);
using Symbol = ElfW(Sym);

constexpr size_t kBlockBytes = size_t{64} * 1024;
constexpr uint64_t kMaxTableBytes = uint64_t{256} << 20;  // a quarter second from the page cache
constexpr size_t kMaxPlaces = 4096;
constexpr unsigned kMaxSymbolTables = 4;  // real files have two

bool ReadSection(const BoundedFile& in, const Header& header, uint64_t index, Section* section) {
  return header.e_shentsize == sizeof(Section) &&
         in.ReadAt(header.e_shoff + index * sizeof(Section), section, sizeof(Section));
}

// Where `name` ends a string of the table. Linkers merge tails, so "malloc" may well begin within
// "xmalloc": every place counts, and the symbols say which ones are names.
std::unordered_set<uint64_t> FindName(const BoundedFile& in, const Section& strings,
                                      std::string_view name) {
  std::unordered_set<uint64_t> places;
  const std::string needle = std::string(name) + '\0';
  std::vector<char> block(kBlockBytes);
  const uint64_t size = std::min<uint64_t>(strings.sh_size, kMaxTableBytes);
  for (uint64_t at = 0; at < size; at += kBlockBytes - needle.size()) {
    const size_t want = static_cast<size_t>(std::min<uint64_t>(kBlockBytes, size - at));
    const size_t got = in.ReadSome(strings.sh_offset + at, block.data(), want);
    const std::string_view text(block.data(), got);
    for (size_t hit = text.find(needle); hit != text.npos && places.size() < kMaxPlaces;
         hit = text.find(needle, hit + 1)) {
      places.insert(at + hit);
    }
    if (got < kBlockBytes) break;
  }
  return places;
}

bool DefinesOneOf(const BoundedFile& in, const Section& symbols,
                  const std::unordered_set<uint64_t>& names) {
  std::vector<Symbol> block(kBlockBytes / sizeof(Symbol));
  const uint64_t size = std::min<uint64_t>(symbols.sh_size, kMaxTableBytes);
  for (uint64_t at = 0; at < size; at += block.size() * sizeof(Symbol)) {
    const size_t want =
        static_cast<size_t>(std::min<uint64_t>(block.size() * sizeof(Symbol), size - at));
    const size_t count = in.ReadSome(symbols.sh_offset + at, block.data(), want) / sizeof(Symbol);
    for (size_t i = 0; i < count; ++i) {
      const auto type = ELF64_ST_TYPE(block[i].st_info);
      const bool function = type == STT_FUNC || type == STT_GNU_IFUNC;
      if (function && block[i].st_shndx != SHN_UNDEF && names.count(block[i].st_name) != 0) {
        return true;
      }
    }
    if (count < block.size()) break;
  }
  return false;
}

}  // namespace

bool DefinesFunction(const BoundedFile& in, const Header& header, std::string_view name) {
  unsigned tables = 0;
  for (unsigned i = 0; i < header.e_shnum && tables < kMaxSymbolTables; ++i) {
    Section symbols, strings;
    if (!ReadSection(in, header, i, &symbols)) return false;
    if (symbols.sh_type != SHT_DYNSYM && symbols.sh_type != SHT_SYMTAB) continue;
    ++tables;
    if (symbols.sh_link >= header.e_shnum || !ReadSection(in, header, symbols.sh_link, &strings)) {
      continue;
    }
    const std::unordered_set<uint64_t> places = FindName(in, strings, name);
    if (!places.empty() && DefinesOneOf(in, symbols, places)) return true;
  }
  return false;
}

}  // namespace heapcrest
