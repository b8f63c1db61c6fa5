// Gives each distinct call stack a number, so that its frames are written once.
//
// Only hashes are kept: two stacks that share a 64-bit hash would be taken for one, which for a
// million stacks happens with probability 3e-8. Two threads that meet a new stack at the same
// moment may both be told that it is new; the reader then sees two numbers for it and adds them up.
//
// Thread-safe and async-signal-safe. Called from hooks: yes (slow path). Allocates: pages (arena).
#pragma once

#include <cstdint>

#include "profiler/lock_free_table.h"

namespace heapcrest {

class StackTable {
 public:
  static constexpr uint64_t kNoStack = LockFreeTable::kNoSlot;

  // The number of the stack with this hash; *is_new asks the caller to write its frames.
  uint64_t Intern(uint64_t hash, bool* is_new) {
    if (hash == 0 || hash == UINT64_MAX) hash = 1;  // the table's own marks
    const uint64_t known = hashes_.Find(hash);
    *is_new = known == LockFreeTable::kNoSlot;
    return *is_new ? hashes_.Insert(hash, 0) : known;
  }

  // REQUIRES: no other thread uses it.
  void Clear() { hashes_.Clear(); }

 private:
  LockFreeTable hashes_;
};

}  // namespace heapcrest
