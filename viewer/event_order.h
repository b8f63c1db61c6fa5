// The allocations and frees of a process as one sequence, across its threads.
//
// In order of time. At equal times frees come first, so that a block that is freed and allocated
// again in one clock tick is not counted twice; but no free comes before its own allocation.
//
// Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "viewer/recording.h"

namespace heapcrest {

struct Event {
  uint32_t sample;  // index into Process::samples
  bool is_free;
};

// The samples that the first `count` frees took, in any order: without putting all in order.
// REQUIRES: so many were freed.
std::vector<uint32_t> FirstFreed(const Process& process, size_t count);

class EventOrder {
 public:
  // Looks at `process` as long as it is used. REQUIRES: samples sorted by allocated_ns.
  explicit EventOrder(const Process& process);

  // The next event; false behind the last one.
  bool Next(Event* event);

  // How many of either kind Next has returned.
  size_t allocations() const { return allocations_; }
  size_t frees() const { return frees_; }

  // The samples that were freed, in the order of their frees.
  const std::vector<uint32_t>& freed() const { return freed_; }

 private:
  const Process& process_;
  std::vector<uint32_t> freed_;
  size_t allocations_ = 0;
  size_t frees_ = 0;
};

}  // namespace heapcrest
