// The ten forms of operator new and delete for objects, or for arrays, and who defines them behind
// this library.
//
// Thread-safe: pure functions. Called from hooks: when the process starts. Allocates: through
// the operators that it asks.
#pragma once

#include <cstddef>
#include <new>

namespace heapcrest {

using Align = std::align_val_t;
using Nothrow = const std::nothrow_t&;

// The ten forms that exist for objects and again for arrays.
struct Operators {
  void* (*plain)(size_t);
  void* (*nothrow)(size_t, Nothrow);
  void* (*aligned)(size_t, Align);
  void* (*aligned_nothrow)(size_t, Align, Nothrow);
  void (*drop)(void*);
  void (*drop_sized)(void*, size_t);
  void (*drop_nothrow)(void*, Nothrow);
  void (*drop_aligned)(void*, Align);
  void (*drop_sized_aligned)(void*, size_t, Align);
  void (*drop_aligned_nothrow)(void*, Align, Nothrow);
};

// Finds the next definitions, nullptr for those that nobody has. True if all are the C++ standard
// library's, or missing.
bool FindOperators(Operators* object, Operators* array);

// Which way each exported form goes: to the standard library's, or a replacement's that ends in our
// hooks, as it is; for any other to its recorded twin. Forms that nobody has stay as they are in
// `ways`. REQUIRES: the session does not record yet.
void ChooseWays(const Operators& real, const Operators& recorded, Operators* ways);

}  // namespace heapcrest
