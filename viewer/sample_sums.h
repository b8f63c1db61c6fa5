// What the samples of a view, or of a moment, add up to, and how far these sums may be off.
//
// Thread-safe: pure functions.
#pragma once

#include <cstdint>

#include "viewer/weight.h"

namespace heapcrest {

// What the small blocks of a view, or Python's objects, add up to.
struct SmallBlocks {
  int64_t bytes = 0, count_q16 = 0, overhead = 0;
};

// The same as their samples say.
struct SampledBlocks : SmallBlocks {
  int64_t samples = 0;
  // Between the estimates of blocks, bytes and overhead: the sums over the samples of (1 - P) times
  // two of the three things that each stands for.
  double covariance[3][3] = {};
  double doubted_bytes = 0, doubted_overhead = 0;  // of objects: times the doubt in them

  void Add(const Weight& weight, int64_t times);
};

struct SampleSums {
  struct Exact {
    int64_t blocks = 0, bytes = 0, overhead = 0;
  };
  Exact large;
  SampledBlocks small;    // by their weights
  SampledBlocks objects;  // Python's, as they were scaled

  // `times` is 1, or -1 to take it away again.
  void Add(const Weight& weight, int64_t times = 1);
};

}  // namespace heapcrest
