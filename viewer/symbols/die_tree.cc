#include "viewer/symbols/die_tree.h"

namespace heapcrest {
namespace {

constexpr int kMaxDepth = 256;
constexpr int kMaxRangesPerDie = 1 << 16;

// The DIE at `at`, if that is still in the unit of `die`. An entry of zero ends a list of siblings.
bool IsInUnit(const Dwarf_Die& die, uint8_t* at, Dwarf_Die* found) {
  return at > die.addr && dwarf_die_addr_die(dwarf_cu_getdwarf(die.cu), at, found) != nullptr &&
         found->cu == die.cu;
}

// Moves `die` to its next sibling. Without one it returns false and stores where the list of
// siblings ended in `*end`, null where libdw does not tell.
bool NextSibling(Dwarf_Die* die, uint8_t* behind, uint8_t** end) {
  Dwarf_Die next;
  if (behind != nullptr &&
      IsInUnit(*die, behind, &next)) {  // known from the walk through the children
    if (*behind == 0) {
      *end = behind;
      return false;
    }
    *die = next;
    return true;
  }
  next.addr = nullptr;
  const int result = dwarf_siblingof(die, &next);
  if (result == 0 && next.addr > die->addr) {
    *die = next;
    return true;
  }
  *end = result == 1 ? static_cast<uint8_t*>(next.addr) : nullptr;
  return false;
}

// Returns what stands behind the children, null: unknown.
uint8_t* WalkChildren(Dwarf_Die* parent, absl::FunctionRef<bool(Dwarf_Die*)> visit, int depth) {
  Dwarf_Die die;
  if (depth == kMaxDepth || dwarf_child(parent, &die) != 0) return nullptr;
  uint8_t* end = nullptr;
  uint8_t* behind = nullptr;
  do {
    const bool enter = visit(&die) && dwarf_haschildren(&die) == 1;
    behind = enter ? WalkChildren(&die, visit, depth + 1) : nullptr;
  } while (NextSibling(&die, behind, &end));
  Dwarf_Die terminator;
  const bool is_list_end = end != nullptr && IsInUnit(die, end, &terminator) && *end == 0;
  return is_list_end ? end + 1 : nullptr;
}

}  // namespace

void WalkDies(Dwarf_Die* parent, absl::FunctionRef<bool(Dwarf_Die*)> visit) {
  WalkChildren(parent, visit, 0);
}

bool AnyChild(Dwarf_Die* parent, absl::FunctionRef<bool(Dwarf_Die*)> visit) {
  Dwarf_Die die;
  if (dwarf_child(parent, &die) != 0) return false;
  uint8_t* end = nullptr;
  do {
    if (visit(&die)) return true;
  } while (NextSibling(&die, nullptr, &end));
  return false;
}

bool AnyRange(Dwarf_Die* die, absl::FunctionRef<bool(uint64_t, uint64_t)> visit) {
  Dwarf_Addr base = 0, low = 0, high = 0;
  ptrdiff_t offset = 0;
  for (int i = 0; i < kMaxRangesPerDie; ++i) {
    offset = dwarf_ranges(die, offset, &base, &low, &high);
    if (offset <= 0) return false;
    if (visit(low, high)) return true;
  }
  return false;
}

}  // namespace heapcrest
