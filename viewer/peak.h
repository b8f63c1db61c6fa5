// Finds the moment of most live bytes and who held them: what each stack has live at the peak, live
// at the end, and allocated in total.
//
// Exact on the weighted records, O(1) for each: the first pass over the sequence of events notes
// after how many allocations and frees the live bytes were highest; a sample was live then if its
// allocation is among those and its free is not. (A reader that sees each record once would have
// to keep, for each stack, the bytes at the highest point so far, and fold them lazily. Here the
// samples are in memory; any other moment is asked for in the same way, and no variance is ever
// subtracted.) Of equal peaks the last one counts.
//
// Thread-safe: pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "viewer/call_tree.h"
#include "viewer/event_order.h"
#include "viewer/recording.h"
#include "viewer/weight.h"

namespace heapcrest {

// A place in the sequence of events: behind so many allocations and frees.
struct Moment {
  uint64_t time_ns = 0;  // since the process's start
  size_t allocations = 0;
  size_t frees = 0;
};

struct StackAmounts {
  uint32_t stack;  // a StackNode
  Amounts amounts;
};

struct Peak {
  Moment moment;
  Amounts total;
  std::vector<StackAmounts> stacks;  // those that have samples, by stack
};

Peak FindPeak(const Process& process);

// One sample more in `amount`.
void AddWeight(const Weight& weight, Amount* amount);

}  // namespace heapcrest
