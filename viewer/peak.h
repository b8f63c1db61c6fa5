// Finds the moment of most live bytes and who held them: what each stack has live at the peak, live
// at the end, and allocated in total.
//
// With exact counts (HeapCounts) the peak is the point at which the blocks took most of the heap,
// and the samples of each view are scaled to the exact sums (calibration.h). Without, at interval 1
// for instance, it is found in the weighted records, O(1) for each: the first pass over the
// sequence of events notes after how many allocations and frees the live bytes were highest. Either
// way a sample was live then if its allocation is among those and its free is not. (A reader that
// sees each record once would have to keep, for each stack, the bytes at the highest point so far,
// and fold them lazily. Here the samples are in memory; any other moment is asked for in the same
// way, and no variance is ever subtracted.) Of equal peaks the last one counts.
//
// Thread-safe: pure functions.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "viewer/calibration.h"
#include "viewer/call_tree.h"
#include "viewer/event_order.h"
#include "viewer/recording.h"
#include "viewer/weight.h"

namespace heapcrest {

struct StackAmounts {
  uint32_t stack;  // a StackNode
  Amounts amounts;
};

struct Peak {
  Moment moment;
  size_t point = 0;  // of HeapCounts, where there are any
  Amounts total;
  std::array<Precision, kViewCount> precision;
  std::array<Calibration, kViewCount> calibration;  // from weights to what samples stand for
  Amounts not_sampled;                              // counted, but no sample to tell whose it was
  std::vector<StackAmounts> stacks;                 // those that have samples, by stack
  Scale allocated_scale;                            // that of the last view
  std::optional<CountedBlocks> in_total;            // of small blocks, where it is known
  double usual_overhead = 0;  // mean bytes that the allocator adds to a small block
};

// A part of a process's life. What is live when it begins belongs to it.
struct Span {
  uint64_t from_ns = 0, to_ns = UINT64_MAX;  // since the process's start

  bool is_whole() const { return from_ns == 0 && to_ns == UINT64_MAX; }
};

// The peak of the span: what is live at its end and what was allocated in total are the process's.
Peak FindPeak(const Process& process, const Span& span = {});

// One sample more in `amount`, as it weighs by itself.
void AddWeight(const Weight& weight, Amount* amount);

}  // namespace heapcrest
