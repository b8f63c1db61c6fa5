// Live bytes over the time of a process, at a bounded resolution that loses no spike.
//
// Time is cut into equal cells. A cell keeps the lowest and the highest live bytes in it, and the
// moment of the highest: a reader who points at a spike sees who held it. The highest cell's moment
// is the peak; one more moment stands for the end, and one for when most was in RAM: the moment and
// the bytes that reconciliation.h puts into words. With exact counts the curve goes through their
// points.
//
// Not thread-safe.
#pragma once

#include <cstdint>
#include <vector>

#include "viewer/peak.h"
#include "viewer/recording.h"

namespace heapcrest {

// A moment that a reader can pick.
struct PickedMoment {
  Moment at;
  size_t point = 0;  // of HeapCounts, where there are any: what was counted then
};

struct TimeCell {
  int64_t lowest_bytes = 0;
  int64_t highest_bytes = 0;
  PickedMoment highest;
};

struct Timeline {
  uint64_t duration_ns = 0;
  std::vector<TimeCell> cells;
  std::vector<int64_t> resident;     // by cell: most bytes in RAM; empty where nobody looked
  PickedMoment most_resident;        // of those with `resident` only
  std::vector<uint32_t> free_order;  // by sample: the place of its free, kNone if it has none
  PickedMoment end;
};

// At most 600 cells, fewer for a process with few samples. REQUIRES: `peak` is FindPeak's.
Timeline MakeTimeline(const Process& process, const Peak& peak);

// `stride` neighbouring cells become one moment, that of the highest among them; most_resident is
// one more; then the end. Moments come in order.
std::vector<PickedMoment> MomentsOf(const Timeline& timeline, size_t stride);

}  // namespace heapcrest
