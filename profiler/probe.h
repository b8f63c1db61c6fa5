// Asks whether somebody's functions end in our hooks.
//
// Not thread-safe: when the process starts. Called from hooks: no. Allocates: what it is given.
#pragma once

#include "profiler/recorder.h"

namespace heapcrest {

// Whether `release` is counted by our hooks on its way, given a block that `make` made; or `make`.
struct Reach {
  bool make, release;
};
template <typename Make, typename Release>
Reach ProbeReach(Make make, Release release) {
  const ThreadState before = t_thread;  // neither sampled nor counted
  const ThreadCounts at_first = t_counts;
  t_thread.probing = true;
  void* block = make();
  const ThreadCounts in_between = t_counts;
  release(block);
  const Reach reach = {in_between != at_first, t_counts != in_between};
  t_thread = before;
  t_counts = at_first;
  return reach;
}

}  // namespace heapcrest
