// Exact counts of Python's small objects as they are allocated, by size class: what their samples
// are scaled to (docs/sampling.md).
//
// Not thread-safe: one per thread. Async-signal-safe: each number changes in one instruction.
// Called from hooks: yes. Allocates: never.
#pragma once

#include <cstddef>
#include <cstdint>

#include "profiler/format/python_objects.h"
#include "profiler/one_instruction.h"

namespace heapcrest {

class ObjectCounter {
 public:
  // Hot. Objects and bytes share a number: what rounding up added, and 1.
  // REQUIRES: IsObjectSize(size).
  void Add(size_t size) {
    AddAtOnce(&packed_[ObjectClassOf(size)],
              static_cast<int64_t>(ObjectSlack(size) << kObjectBits | 1));
  }

  // Takes all counts out; returns the sum of their bytes.
  uint64_t Take(ObjectCounts* counts);

 private:
  static constexpr int kObjectBits = 30;  // a thread folds long before there are so many

  int64_t packed_[kObjectClasses] = {};
};

}  // namespace heapcrest
