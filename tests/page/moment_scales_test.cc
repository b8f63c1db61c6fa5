#include "viewer/report/moment_scales.h"

#include <gtest/gtest.h>

#include "tests/page/grouped.h"
#include "tests/page/shapes.h"

namespace heapcrest {
namespace {

struct Scaled : Grouped {
  explicit Scaled(Recording made)
      : Grouped(std::move(made)), scales(ScalesAt(process(), peak, moments, groups, weights)) {}

  std::vector<Scale> scales;
};

// As the page adds up what lives.
TEST(MomentScalesTest, WhatLivesAddsUpToWhatWasCounted) {
  const Scaled s(PythonRecording(4000));
  ASSERT_EQ(s.scales.size(), s.moments.size());
  size_t own_factors = 0;
  for (uint32_t m = 0; m < s.moments.size(); ++m) {
    const Scale& scale = s.scales[m];
    SampleSums sums;
    double bytes = 0, blocks = 0, overhead = 0, objects = 0;
    for (const SampleGroup& group : s.groups) {
      if (group.born > m || group.died <= m) continue;
      const Weight& weight = s.weights[group.weight];
      sums.Add(weight, group.times);
      const double factor = 1 + scale.regression.ChangeOf(weight), times = group.times;
      if (weight.is_scaled())
        objects += times * factor * static_cast<double>(weight.bytes) * scale.objects;
      if (weight.is_scaled() || weight.is_exact()) continue;
      EXPECT_GE(factor, kLeastFactor - 1e-9);
      EXPECT_LE(factor, kMostFactor + 1e-9);
      bytes += times * factor * static_cast<double>(weight.bytes) * scale.bytes;
      blocks += times * factor * weight.blocks() * scale.counts;
      overhead += times * factor * static_cast<double>(weight.overhead) * scale.overhead;
    }
    if (sums.small.samples == 0) continue;
    own_factors += scale.regression.blocks != 0;
    const HeapPoint& point = s.process().counts.points[s.moments[m].point];
    const Truth truth = TruthAt(s.process().counts, point, sums, s.peak.usual_overhead);
    const SmallBlocks& small = truth.small;
    EXPECT_NEAR(objects, static_cast<double>(truth.objects.bytes), 1e-6 * objects + 1);
    EXPECT_NEAR(bytes, static_cast<double>(small.bytes), 1e-6 * bytes + 1);
    EXPECT_NEAR(blocks, static_cast<double>(small.count_q16) / 65536, 1e-6 * blocks + 1);
    EXPECT_NEAR(overhead, static_cast<double>(small.overhead), 1e-6 * overhead + 1);
  }
  EXPECT_GT(own_factors, s.moments.size() / 2);
}

TEST(MomentScalesTest, ThePeaksIsThatOfItsView) {
  const Scaled s(PythonRecording(4000));
  for (size_t m = 0; m < s.moments.size(); ++m) {
    if (s.moments[m].at.allocations != s.peak.moment.allocations) continue;
    if (s.moments[m].at.frees != s.peak.moment.frees) continue;
    const Regression& at = s.scales[m].regression;
    const Regression& view = s.peak.calibration[0].regression;
    EXPECT_NEAR(at.blocks, view.blocks, 1e-6 * std::abs(view.blocks));
    EXPECT_NEAR(at.bytes, view.bytes, 1e-6 * std::abs(view.bytes));
    return;
  }
  FAIL() << "no moment is the peak";
}

TEST(MomentScalesTest, WithoutCountsNothingIsScaled) {
  const Scaled s(TinyRecording());
  for (const Scale& scale : s.scales) {
    EXPECT_EQ(scale.bytes, 1);
    EXPECT_EQ(scale.regression.blocks, 0);
  }
}

}  // namespace
}  // namespace heapcrest
