#include "viewer/symbols/symbol_index.h"

#include <gelf.h>

#include <algorithm>
#include <vector>

namespace heapcrest {
namespace {

// The executable sections, by index; for others `end` is 0.
struct Section {
  uint64_t end = 0;
};

struct Symbol {
  uint64_t address;
  uint64_t size;
  uint64_t section_end;
  uint32_t name;
  uint32_t rank;  // 0: the best
};

constexpr uint32_t kUnsizedRank = 8;

std::vector<Section> ExecutableSections(Elf* elf) {
  std::vector<Section> sections;
  for (Elf_Scn* scn = nullptr; (scn = elf_nextscn(elf, scn)) != nullptr;) {
    GElf_Shdr header;
    const bool is_code =
        gelf_getshdr(scn, &header) != nullptr && (header.sh_flags & SHF_EXECINSTR) != 0;
    sections.resize(elf_ndxscn(scn) + 1);
    if (is_code) sections.back().end = header.sh_addr + header.sh_size;
  }
  return sections;
}

uint32_t Rank(const GElf_Sym& symbol) {
  const unsigned type = GELF_ST_TYPE(symbol.st_info);
  const unsigned binding = GELF_ST_BIND(symbol.st_info);
  const uint32_t type_rank = type == STT_NOTYPE ? 4 : 0;
  const uint32_t binding_rank = binding == STB_LOCAL ? 2 : binding == STB_WEAK ? 1 : 0;
  return type_rank + binding_rank + (symbol.st_size == 0 ? kUnsizedRank : 0);
}

bool IsCode(const GElf_Sym& symbol, const std::vector<Section>& sections) {
  const unsigned type = GELF_ST_TYPE(symbol.st_info);
  if (type != STT_FUNC && type != STT_GNU_IFUNC && type != STT_NOTYPE) return false;
  return symbol.st_name != 0 && symbol.st_shndx < sections.size() &&
         symbol.st_value < sections[symbol.st_shndx].end;
}

std::vector<Symbol> ReadSymbols(Elf* elf, Elf_Scn* table, const GElf_Shdr& header) {
  std::vector<Symbol> symbols;
  Elf_Data* data = elf_getdata(table, nullptr);
  if (data == nullptr || header.sh_entsize == 0) return symbols;
  const std::vector<Section> sections = ExecutableSections(elf);
  const auto count =
      static_cast<int>(std::min<size_t>(data->d_size / header.sh_entsize, INT32_MAX));
  for (int i = 1; i < count; ++i) {
    GElf_Sym symbol;
    if (gelf_getsym(data, i, &symbol) == nullptr) break;
    if (!IsCode(symbol, sections)) continue;
    symbols.push_back({symbol.st_value, symbol.st_size, sections[symbol.st_shndx].end,
                       symbol.st_name, Rank(symbol)});
  }
  return symbols;
}

// Whether `a` is the better name of two for the same address.
bool IsPlainer(std::string_view a, std::string_view b) {
  const size_t a_underscores = std::min(a.find_first_not_of('_'), a.size());
  const size_t b_underscores = std::min(b.find_first_not_of('_'), b.size());
  return a_underscores != b_underscores ? a_underscores < b_underscores : a < b;
}

std::string_view NameAt(Elf* elf, size_t names, size_t offset) {
  const char* name = elf_strptr(elf, names, offset);
  return name == nullptr ? std::string_view() : std::string_view(name);
}

// Sorts by address and leaves the best at each.
void KeepBest(Elf* elf, size_t names, std::vector<Symbol>* symbols) {
  std::sort(symbols->begin(), symbols->end(), [](const Symbol& a, const Symbol& b) {
    return a.address != b.address ? a.address < b.address : a.rank < b.rank;
  });
  size_t kept = 0;
  for (const Symbol& symbol : *symbols) {
    Symbol* last = kept == 0 ? nullptr : &(*symbols)[kept - 1];
    if (last == nullptr || last->address != symbol.address) {
      (*symbols)[kept++] = symbol;
    } else if (last->rank == symbol.rank &&
               IsPlainer(NameAt(elf, names, symbol.name), NameAt(elf, names, last->name))) {
      *last = symbol;
    }
  }
  symbols->resize(kept);
}

RangeIndex Index(const std::vector<Symbol>& symbols) {
  RangeIndex ranges;
  uint64_t covered = 0;  // by sized symbols, up to here
  for (size_t i = 0; i < symbols.size(); ++i) {
    const Symbol& symbol = symbols[i];
    uint64_t end = symbol.address + symbol.size;
    if (symbol.rank >= kUnsizedRank) {
      if (symbol.address < covered) continue;
      end = symbol.section_end;
      if (i + 1 < symbols.size()) end = std::min(end, symbols[i + 1].address);
    } else {
      covered = std::max(covered, end);
    }
    ranges.Add(symbol.address, end, symbol.name);
  }
  ranges.Sort();
  return ranges;
}

}  // namespace

SymbolIndex SymbolIndex::Read(Elf* elf, Table table) {
  SymbolIndex index;
  const uint32_t wanted = table == Table::kStatic ? SHT_SYMTAB : SHT_DYNSYM;
  for (Elf_Scn* scn = nullptr; (scn = elf_nextscn(elf, scn)) != nullptr;) {
    GElf_Shdr header;
    if (gelf_getshdr(scn, &header) == nullptr || header.sh_type != wanted) continue;
    std::vector<Symbol> symbols = ReadSymbols(elf, scn, header);
    KeepBest(elf, header.sh_link, &symbols);
    index.elf_ = elf;
    index.names_ = header.sh_link;
    index.ranges_ = Index(symbols);
    return index;
  }
  return index;
}

std::string_view SymbolIndex::Find(uint64_t address) const {
  const std::optional<uint64_t> name = ranges_.Find(address);
  return name ? NameAt(elf_, names_, *name) : std::string_view();
}

}  // namespace heapcrest
