// Scales samples to what the profiler counted exactly, so that each view's sum is the exact one.
//
// Large blocks are always sampled: they stand for themselves and stay as they are. What the counts
// say beyond them is the small blocks' share. Each small sample has a factor of its own, of which
// regression.h tells; the little that is then still missing is met by one factor for all
// (post-stratification: Holt and Smith, JRSS A 142, 1979; docs/sampling.md). What a block takes of
// the heap is counted when it comes and when it goes; what was requested of it only its sample
// knows: requested bytes are block bytes minus blocks times the mean overhead of the live samples.
//
// Thread-safe: pure functions.
#pragma once

#include <cstdint>
#include <optional>

#include "viewer/call_tree.h"
#include "viewer/recording.h"
#include "viewer/regression.h"
#include "viewer/sample_sums.h"
#include "viewer/weight.h"

namespace heapcrest {

// What samples are scaled to.
struct Truth {
  SmallBlocks small;
  SmallBlocks objects;  // Python's
};

// Of a moment. `usual_overhead` of a block is taken where there are no samples to ask.
Truth TruthAt(const HeapCounts& counts, const HeapPoint& point, const SampleSums& sums,
              double usual_overhead);
// Of all that was allocated.
Truth TruthInTotal(const HeapCounts& counts, const SampleSums& sums, double usual_overhead);
// Without counts: what the samples say.
Truth TruthOf(const SampleSums& sums);

// What was counted and has no sample to tell whose it was.
Amount NotSampled(const SampleSums& sums, const Truth& truth);

// Mean bytes that the allocator adds to a block; `usual` without samples.
double MeanOverhead(const SmallBlocks& sampled, double usual);
inline constexpr double kGlibcMeanOverhead = 16;

// What pymalloc adds to an object on average, over all that were allocated.
double UsualSlack(const ObjectCounts& counts);

// Of the requested bytes in `truth`: their overhead is a mean of samples, and at the peak live
// bytes may have stood `step` higher between two points.
double VarianceOfSum(const SampledBlocks& sampled, const SmallBlocks& truth, double step);

// Of a moment: small blocks and objects. `all` as FitMoment has it.
Regression FitLive(const SampleSums& sums, const Truth& truth,
                   const std::optional<CountedBlocks>& all);

// How the samples of a view are scaled.
struct Calibration {
  Truth truth;
  Regression regression;
  SampleSums sums;  // of weights by the regression
};

// `for_each` calls what it is given for the weight of each sample in the view.
template <typename ForEach>
Calibration Calibrate(const Truth& truth, const Regression& fitted, const ForEach& for_each) {
  FactorLimits limits;
  for_each([&](const Weight& weight) { limits.Include(fitted.ChangeOf(weight)); });
  Calibration calibration = {truth, limits.Limited(fitted), {}};
  for_each(
      [&](const Weight& weight) { calibration.sums.Add(calibration.regression.Applied(weight)); });
  return calibration;
}

// By what weights are multiplied: by the regression and then by these.
struct Scale {
  Regression regression;
  double bytes = 1, counts = 1, overhead = 1, objects = 1;
};
// `sums` are of weights as they are.
Scale ScaleOf(const Regression& regression, const SampleSums& sums, const Truth& truth);

// Hands the truth out to the samples in whole numbers that add up to it: each running sum is
// scaled, rounded, and what it grew by is the sample's.
class Scaler {
 public:
  explicit Scaler(const Calibration& calibration);

  // REQUIRES: the weight is of a sample in the view.
  Amount AmountOf(const Weight& weight);

 private:
  struct Group {
    SmallBlocks sampled, truth, raw, given;

    Amount Next(const Weight& weight);
  };
  Regression regression_;
  Group small_, objects_;
};

// How sure the figures of a view are.
struct Precision {
  bool is_calibrated = false;
  int64_t scaled_bytes = 0;    // of the whole view
  double variance_bytes2 = 0;  // of the whole view, before its sum was known,
  double of_sum_bytes2 = 0;    // and of the sum itself
};

// Half the width of the 95 % confidence interval of a part of the view. docs/sampling.md derives
// it.
double HalfWidth95(const Amount& part, const Precision& view);

}  // namespace heapcrest
