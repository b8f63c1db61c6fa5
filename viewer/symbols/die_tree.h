// Walking the debugging information entries (DIEs) of one unit of DWARF. Whatever the file says,
// a walk goes forward and ends.
//
// Thread-safe as far as libdw is: one thread per Dwarf.
#pragma once

#include <elfutils/libdw.h>

#include <cstdint>

#include "absl/functional/function_ref.h"

namespace heapcrest {

// Calls `visit` for the descendants of `parent` in preorder; it returns whether to go deeper.
// Steps over each DIE once, where clang and Rust leave out the references to the next sibling too.
void WalkDies(Dwarf_Die* parent, absl::FunctionRef<bool(Dwarf_Die*)> visit);

// Calls `visit` for the children of `parent` until it returns true; returns whether it did.
bool AnyChild(Dwarf_Die* parent, absl::FunctionRef<bool(Dwarf_Die*)> visit);

// Calls `visit` with the address ranges [low, high) of the DIE until it returns true; returns
// whether it did.
bool AnyRange(Dwarf_Die* die, absl::FunctionRef<bool(uint64_t, uint64_t)> visit);

inline bool ContainsAddress(Dwarf_Die* die, uint64_t address) {
  return AnyRange(
      die, [address](uint64_t low, uint64_t high) { return low <= address && address < high; });
}

}  // namespace heapcrest
