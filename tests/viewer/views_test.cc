#include "viewer/views.h"

#include <gtest/gtest.h>

namespace heapcrest {
namespace {

// Half of its blocks of 200 bytes, those of odd number, were freed at once.
Process ProcessOf(Exit::Kind exit) {
  Process process;
  process.interval_bytes = 4096;
  process.exit.kind = exit;
  for (uint64_t i = 0; i < 400; ++i) {
    const uint64_t freed_ns = i % 2 == 1 ? i + 2 : kStillLive;
    process.samples.push_back({i % 2 == 1 ? 200u : 40u + i % 3 * 100, i + 1, freed_ns, 0, 0, 9});
  }
  process.counts.points.push_back({{500, 400, 200}, 1'000'000, 9000});
  process.counts.allocated_blocks = 14'000;
  process.counts.requested_bytes = 2'000'000;
  return process;
}

std::array<Calibration, kViewCount> CalibrationsOf(const Process& process) {
  const SampleWeights weights(process);
  const Views views(process, weights, {500, 400, 200});
  return views.Calibrations(views.Sums(), 0);
}

TEST(ViewsTest, EachHoldsItsSamples) {
  const Process process = ProcessOf(Exit::Kind::kExited);
  const SampleWeights weights(process);
  const Views views(process, weights, {2, 2, 0});
  EXPECT_TRUE(views.Holds(0, 1));
  EXPECT_FALSE(views.Holds(0, 2));
  EXPECT_FALSE(views.Holds(1, 1));
  EXPECT_TRUE(views.Holds(1, 2));
  EXPECT_TRUE(views.Holds(2, 399));
  const std::array<SampleSums, kViewCount> sums = views.Sums();
  EXPECT_EQ(sums[0].small.samples, 2);
  EXPECT_EQ(sums[1].small.samples, 200);
  EXPECT_EQ(sums[2].small.samples, 400);
}

TEST(ViewsTest, SamplesHaveFactorsOfTheirOwn) {
  for (const Calibration& calibration : CalibrationsOf(ProcessOf(Exit::Kind::kExited))) {
    EXPECT_NE(calibration.regression.blocks, 0);
    EXPECT_NE(calibration.sums.small.bytes, 0);
  }
}

// What its threads had not yet said is missing in the totals.
TEST(ViewsTest, TotalsOfAKilledProcessAreNotLearnedFrom) {
  const auto exited = CalibrationsOf(ProcessOf(Exit::Kind::kExited));
  const auto killed = CalibrationsOf(ProcessOf(Exit::Kind::kSignaled));
  EXPECT_NE(killed[0].regression.blocks, 0);
  EXPECT_NE(killed[0].regression.blocks, exited[0].regression.blocks);
  EXPECT_EQ(killed[2].regression.blocks, 0);
  EXPECT_EQ(killed[2].regression.bytes, 0);
  EXPECT_EQ(killed[2].truth.small.bytes, exited[2].truth.small.bytes);
}

TEST(ViewsTest, WithoutCountsSamplesStandForThemselves) {
  Process process = ProcessOf(Exit::Kind::kExited);
  process.counts = {};
  for (const Calibration& calibration : CalibrationsOf(process)) {
    EXPECT_EQ(calibration.regression.blocks, 0);
    EXPECT_EQ(calibration.truth.small.bytes, calibration.sums.small.bytes);
  }
}

}  // namespace
}  // namespace heapcrest
