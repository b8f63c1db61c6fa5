// Gives each distinct call stack a number, so that its frames are written once.
//
// A stack becomes known to other threads when its frames are in the capture: the process may be
// killed between any two instructions. Two threads that meet a new stack at the same moment thus
// both write it; the reader sees two numbers for it and adds them up.
//
// Only hashes are kept: two stacks that share a 64-bit hash would be taken for one, which for a
// million stacks happens with probability 3e-8.
//
// Thread-safe and async-signal-safe. Called from hooks: yes (slow path). Allocates: pages (arena).
#pragma once

#include <atomic>
#include <cstdint>

#include "profiler/lock_free_table.h"

namespace heapcrest {

class StackTable {
 public:
  // The number of the stack with this hash. False: it is new; write it, then Publish.
  bool Find(uint64_t hash, uint64_t* stack_id) {
    if (numbers_.Get(KeyOf(hash), stack_id)) return true;
    *stack_id = next_.fetch_add(1, std::memory_order_relaxed);
    return false;
  }

  void Publish(uint64_t hash, uint64_t stack_id) { numbers_.Insert(KeyOf(hash), stack_id); }

  // REQUIRES: no other thread uses it.
  void Clear() {
    numbers_.Clear();
    next_.store(0);
  }

 private:
  // Two values are the table's own marks.
  static uint64_t KeyOf(uint64_t hash) { return hash == 0 || hash == UINT64_MAX ? 1 : hash; }

  LockFreeTable numbers_;
  std::atomic<uint64_t> next_{0};
};

}  // namespace heapcrest
