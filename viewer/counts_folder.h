// Folds what each thread counted (profiler/counters.h) into what the process held over time.
//
// Counts that do not take in every block (a sample of one that was not counted tells), and hostile
// ones that cannot be true, are left out, all of them: samples then stand for themselves.
//
// Not thread-safe.
#pragma once

#include <cstdint>
#include <vector>

#include "profiler/format/record.h"
#include "viewer/recording.h"

namespace heapcrest {

// Of Python's objects: what a fold says beside the blocks.
struct CountedObjects {
  LiveObjects change;
  bool is_unknown = false;  // some were counted as they came and not as they went
};

class CountsFolder {
 public:
  // What a thread counted until `time_ns`, CLOCK_MONOTONIC.
  void Add(uint64_t time_ns, const Counts& counts, const CountedObjects& objects = {}) {
    all_.push_back({time_ns, counts, objects.change});
    has_live_objects_ = has_live_objects_ && !objects.is_unknown;
  }

  // Blocks that are always sampled are known to be live: no point says less, and a last one takes
  // in those that came after a killed process had counted for the last time. REQUIRES: the samples
  // of `process` are complete, with times since its start.
  HeapCounts Fold(const Process& process);

 private:
  struct Entry {
    uint64_t time_ns;
    Counts counts;
    LiveObjects objects;
  };
  void AddLiveObjects(HeapCounts* folded) const;

  bool has_live_objects_ = true;
  std::vector<Entry> all_;
};

// Whether these can be: figures within bounds that sums of weights can bear, places that exist.
bool MakeSense(const HeapCounts& counts, const Process& process);

}  // namespace heapcrest
