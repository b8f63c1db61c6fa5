#include "viewer/symbols/debug_info.h"

#include "viewer/symbols/die_tree.h"

namespace heapcrest {

std::unique_ptr<DebugInfo> DebugInfo::Open(Elf* elf) {
  Dwarf* dwarf = dwarf_begin_elf(elf, DWARF_C_READ, nullptr);
  if (dwarf == nullptr) return nullptr;
  return std::unique_ptr<DebugInfo>(new DebugInfo(dwarf));
}

DebugInfo::DebugInfo(Dwarf* dwarf) : dwarf_(dwarf) {
  Dwarf_CU* cu = nullptr;
  Dwarf_Die die;
  while (dwarf_get_units(dwarf_, cu, &cu, nullptr, nullptr, &die, nullptr) == 0) {
    const size_t before = ranges_.size();
    AnyRange(&die, [this](uint64_t low, uint64_t high) {
      ranges_.Add(low, high, units_.size());
      return false;
    });
    if (ranges_.size() != before) units_.emplace_back(die);
  }
  ranges_.Sort();
}

DebugInfo::~DebugInfo() { dwarf_end(dwarf_); }

SourceFrames DebugInfo::Find(uint64_t address) {
  const std::optional<uint64_t> unit = ranges_.Find(address);
  return unit ? units_[*unit].Find(address, &names_) : SourceFrames();
}

}  // namespace heapcrest
