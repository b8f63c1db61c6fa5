// The functions of one symbol table, by address.
//
// Where several symbols stand at one address, sized functions come first, then global before weak
// before local ones, then the name with fewer underscores in front (`malloc`, not
// `__libc_malloc`). A symbol without a size (assembler) reaches to the next one, outside of every
// sized one. What no symbol covers is nobody's: the nearest name would be a guess.
//
// Not thread-safe: libelf reads names on demand. The ELF file must outlive the index.
#pragma once

#include <cstdint>
#include <string_view>

#include "viewer/symbols/range_index.h"

struct Elf;

namespace heapcrest {

class SymbolIndex {
 public:
  enum class Table { kStatic, kDynamic };  // .symtab, .dynsym

  // Empty where the file has no such table, or a damaged one.
  static SymbolIndex Read(Elf* elf, Table table);

  // The function that holds `address` (as in the file), raw; empty: none.
  std::string_view Find(uint64_t address) const;

  size_t size() const { return ranges_.size(); }

 private:
  Elf* elf_ = nullptr;
  size_t names_ = 0;  // section of the names
  RangeIndex ranges_;
};

}  // namespace heapcrest
