// Exact counts of Python's small objects by size class, as they come and go: what their samples are
// scaled to (docs/sampling.md).
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

  // Hot. An object is about to be freed (python/pools.h knows its class).
  void AddFree(size_t size_class) { AddAtOnce(&freed_[size_class], 1); }

  // Takes all counts of what was allocated out; returns the sum of their bytes.
  uint64_t Take(ObjectCounts* counts);

  // Takes the counts of what was freed out. `allocated` and that make up the change.
  LiveObjects TakeChange(const ObjectCounts& allocated);

  // By how many bytes of pools those that live have become more since both were taken out.
  int64_t ChangeOfBytes() const;

 private:
  static constexpr int kObjectBits = 30;  // a thread folds long before there are so many
  static constexpr int64_t kObjectMask = (int64_t{1} << kObjectBits) - 1;

  int64_t packed_[kObjectClasses] = {};
  int64_t freed_[kObjectClasses] = {};
};

}  // namespace heapcrest
