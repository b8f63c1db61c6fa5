#include "viewer/regression.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "viewer/calibration.h"

namespace heapcrest {
namespace {

constexpr uint64_t kInterval = 4096;

// Blocks that are alike: what glibc takes for them, and how many were allocated and live.
struct Kind {
  uint64_t size;
  int64_t overhead, blocks;
  bool is_live = true;

  Weight weight() const { return WeightOf(size, kInterval, static_cast<uint64_t>(overhead)); }
};

// As `samples` of each kind say.
CountedBlocks SampledOf(const std::vector<Kind>& kinds, const std::vector<int64_t>& samples,
                        bool only_live) {
  CountedBlocks blocks;
  for (size_t i = 0; i < kinds.size(); ++i) {
    const Kind& kind = kinds[i];
    if (only_live && !kind.is_live) continue;
    blocks.sampled.Add(kind.weight(), samples[i]);
    blocks.counted.bytes += kind.blocks * static_cast<int64_t>(kind.size);
    blocks.counted.count_q16 += kind.blocks << 16;
    blocks.counted.overhead += kind.blocks * kind.overhead;
  }
  return blocks;
}

// What all samples of a kind stand for, with their factor.
double BytesOf(const Kind& kind, int64_t samples, const Regression& regression) {
  const Weight weight = kind.weight();
  return static_cast<double>(samples * weight.bytes) * (1 + regression.ChangeOf(weight));
}

double TruthOf(const Kind& kind) { return static_cast<double>(kind.size) * double(kind.blocks); }

TEST(RegressionTest, TwoSizesAreToldApartByTheirCounts) {
  const std::vector<Kind> kinds = {{40, 8, 20'000}, {300, 20, 3000}};
  const std::vector<int64_t> samples = {230, 170};  // 194 and 212 would be as many as expected
  const Regression fitted = FitMoment(SampledOf(kinds, samples, true), std::nullopt);
  for (size_t i = 0; i < 2; ++i) {
    EXPECT_NEAR(BytesOf(kinds[i], samples[i], fitted), TruthOf(kinds[i]), 1e-3 * TruthOf(kinds[i]));
  }
}

TEST(RegressionTest, WhatLivesIsMetWhateverElseWasAllocated) {
  const std::vector<Kind> kinds = {{24, 8, 9000},
                                   {100, 12, 6000},
                                   {700, 4, 2000},
                                   {64, 16, 5000, false},
                                   {8, 24, 100'000, false}};
  const std::vector<int64_t> samples = {70, 120, 300, 90, 160};
  const CountedBlocks live = SampledOf(kinds, samples, true);
  const Regression fitted = FitMoment(live, SampledOf(kinds, samples, false));
  double blocks = 0, block_bytes = 0;
  for (size_t i = 0; i < 3; ++i) {
    const double bytes = BytesOf(kinds[i], samples[i], fitted), size = double(kinds[i].size);
    blocks += bytes / size;
    block_bytes += bytes / size * (size + double(kinds[i].overhead));
  }
  EXPECT_NEAR(blocks, 17'000, 2);
  EXPECT_NEAR(block_bytes, double(live.counted.bytes + live.counted.overhead), 200);
}

TEST(RegressionTest, AllThatWasAllocatedIsMetInBlocksAndBytes) {
  const std::vector<Kind> kinds = {{24, 8, 9000}, {100, 12, 6000}, {700, 4, 2000}};
  const std::vector<int64_t> samples = {40, 160, 300};
  const Regression fitted = FitTotal(SampledOf(kinds, samples, false));
  double blocks = 0, bytes = 0;
  for (size_t i = 0; i < 3; ++i) {
    bytes += BytesOf(kinds[i], samples[i], fitted);
    blocks += BytesOf(kinds[i], samples[i], fitted) / double(kinds[i].size);
  }
  EXPECT_NEAR(blocks, 17'000, 2);
  EXPECT_NEAR(bytes, 24.0 * 9000 + 100 * 6000 + 700 * 2000, 200);
}

// Their number follows from their bytes: the second equation says nothing, and none is divided by
// next to nothing.
TEST(RegressionTest, BlocksOfOneSizeHaveOneFactor) {
  const std::vector<Kind> kinds = {{28, 20, 1'000'000}};
  const Regression fitted =
      FitMoment(SampledOf(kinds, {6000}, true), SampledOf(kinds, {6000}, false));
  EXPECT_NEAR(BytesOf(kinds[0], 6000, fitted), 28e6, 28e6 * 1e-4);
}

TEST(RegressionTest, WhereNoSampleWasFreedTotalsSayLittle) {
  // A thousand tiny blocks were freed and none was sampled, as happens once in seven runs.
  const std::vector<Kind> kinds = {
      {40, 8, 20'000}, {300, 20, 3000}, {32, 16, 10'000}, {8, 24, 1000, false}};
  const std::vector<int64_t> samples = {195, 212, 80, 0};
  const CountedBlocks live = SampledOf(kinds, samples, true);
  const Regression fitted = FitMoment(live, SampledOf(kinds, samples, false));
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(BytesOf(kinds[i], samples[i], fitted), TruthOf(kinds[i]), 0.1 * TruthOf(kinds[i]));
  }
}

TEST(RegressionTest, LargeBlocksAndObjectsStayAsTheyAre) {
  const Regression regression = {1e-3, 1e-5, 1e-5};
  const Weight large = {5000, 1 << 16, 8, 0}, object = {450 * 20, 450 << 16, 450 * 12, 1e6, 255};
  EXPECT_EQ(regression.ChangeOf(large), 0);
  EXPECT_EQ(regression.ChangeOf(object), 0);
  EXPECT_EQ(regression.Applied(large).bytes, 5000);
  EXPECT_TRUE(regression.Applied(object).is_scaled());
}

// What is missing goes where it may be missing, by bytes times doubt.
TEST(RegressionTest, ObjectsMeetWhatWasCountedByTheirDoubt) {
  const Weight sure = {32'000, 1000 << 16, 0, 1e6, 1}, open = {5000, 100 << 16, 1400, 1e6, 255};
  SampleSums sums;
  sums.Add(sure, 100);
  sums.Add(open, 20);
  for (const int64_t missing : {4000, -9000}) {
    const int64_t counted = 3'200'000 + 20 * 6400 + missing;
    const Regression fitted = FitObjects(sums.objects, counted);
    const Weight a = fitted.Applied(sure), b = fitted.Applied(open);
    EXPECT_NEAR(double(100 * a.bytes + 20 * (b.bytes + b.overhead)), double(counted), 60);
    EXPECT_NEAR(double(a.bytes - 32'000) * 100, 0.09 * double(missing),
                0.02 * std::abs(double(missing)));
  }
}

TEST(RegressionTest, FactorsOfObjectsStayWithinTheirLimits) {
  const Weight sure = {32'000, 1000 << 16, 0, 1e6, 1}, open = {5000, 100 << 16, 1400, 1e6, 255};
  SampleSums sums;
  EXPECT_EQ(FitObjects(sums.objects, 1000).objects, 0);
  sums.Add(sure);
  sums.Add(open);
  for (const auto& [counted, factor] :
       {std::pair(int64_t{0}, kLeastFactor), std::pair(INT64_MAX, double{kMostFactor})}) {
    const Regression fitted = FitObjects(sums.objects, counted);
    EXPECT_NEAR(1 + fitted.ChangeOf(open), factor, 1e-9);
    EXPECT_NEAR(1 + fitted.ChangeOf(sure), 1, 0.02);
  }
}

TEST(RegressionTest, ASampleIsMultipliedInAllThatItStandsFor) {
  const Weight weight = WeightOf(100, kInterval, 12);
  const Weight twice = Regression{1 / (weight.blocks() * weight.missed()), 0, 0}.Applied(weight);
  EXPECT_EQ(twice.bytes, 2 * weight.bytes);
  EXPECT_EQ(twice.count_q16, 2 * weight.count_q16);
  EXPECT_EQ(twice.overhead, 2 * weight.overhead);
  EXPECT_NEAR(twice.variance_bytes2, 4 * weight.variance_bytes2, 1e-6 * weight.variance_bytes2);
}

TEST(RegressionTest, NothingSampledAndHostileNumbersChangeNothing) {
  CountedBlocks blocks;
  blocks.counted = {1000, 10 << 16, 80};
  EXPECT_EQ(FitMoment(blocks, blocks).bytes, 0);
  EXPECT_EQ(FitTotal(blocks).bytes, 0);
  blocks = SampledOf({{40, 8, 20'000}}, {195}, true);
  for (const double bad : {std::numeric_limits<double>::infinity(), std::nan("")}) {
    for (auto& row : blocks.sampled.covariance) row[0] = row[1] = row[2] = bad;
    const Regression fitted = FitMoment(blocks, blocks);
    EXPECT_EQ(fitted.blocks, 0);
    EXPECT_EQ(fitted.bytes, 0);
    EXPECT_EQ(fitted.overhead, 0);
  }
}

// Three samples of tiny blocks stand for many more than were counted.
TEST(RegressionTest, FactorsStayWithinTheirLimitsAndSumsStayExact) {
  const std::vector<Kind> kinds = {{1, 31, 300}, {400, 8, 500}, {1000, 8, 100}};
  const std::vector<int64_t> samples = {3, 47, 20};
  const CountedBlocks live = SampledOf(kinds, samples, true);
  const Regression fitted = FitMoment(live, std::nullopt);
  ASSERT_LT(fitted.ChangeOf(kinds[0].weight()), kLeastFactor - 1);
  SampleSums sums;
  sums.small = live.sampled;
  const Truth truth = {live.counted, {}};
  const auto for_each = [&](const auto& visit) {
    for (size_t i = 0; i < kinds.size(); ++i) {
      for (int64_t k = 0; k < samples[i]; ++k) visit(kinds[i].weight());
    }
  };
  const Calibration calibration = Calibrate(truth, fitted, for_each);
  const Scale scale = ScaleOf(calibration.regression, sums, truth);
  Scaler scaler(calibration);
  Amount all;
  double bytes = 0, counts = 0;  // as the page computes them
  for_each([&](const Weight& weight) {
    const double factor = 1 + calibration.regression.ChangeOf(weight);
    EXPECT_GE(factor, kLeastFactor - 1e-9);
    EXPECT_LE(factor, kMostFactor + 1e-9);
    bytes += static_cast<double>(weight.bytes) * factor * scale.bytes;
    counts += static_cast<double>(weight.count_q16) * factor * scale.counts;
    all += scaler.AmountOf(weight);
  });
  EXPECT_EQ(all.bytes, live.counted.bytes);
  EXPECT_EQ(all.count_q16, live.counted.count_q16);
  EXPECT_EQ(all.overhead, live.counted.overhead);
  EXPECT_NEAR(bytes, static_cast<double>(live.counted.bytes), 1);
  EXPECT_NEAR(counts, static_cast<double>(live.counted.count_q16), 1);
}

// Many samplings of one program: six kinds of blocks, two of them freed. Of 4,000 draws the mean
// of each line is within 6 sigma of the truth (it fails by chance less than once in 10^8 runs, and
// the seed is fixed), and two thousandths for the bias that a ratio of estimates has. Intervals are
// those of one factor for all: never too narrow.
TEST(RegressionTest, LinesAreUnbiasedAndSurerThanByOneFactor) {
  constexpr int kRuns = 4000;
  const std::vector<Kind> kinds = {{24, 8, 30'000}, {40, 8, 20'000},        {64, 16, 9000},
                                   {300, 20, 3000}, {48, 8, 15'000, false}, {160, 16, 4000, false}};
  constexpr size_t kLive = 4;
  std::mt19937_64 random(11);
  double sum[kLive] = {}, square[kLive] = {}, plain[kLive] = {};
  int held = 0;
  for (int run = 0; run < kRuns; ++run) {
    std::vector<int64_t> samples;
    for (const Kind& kind : kinds) {
      const double chance = -std::expm1(-static_cast<double>(kind.size) / kInterval);
      samples.push_back(std::binomial_distribution<int64_t>(kind.blocks, chance)(random));
    }
    const CountedBlocks live = SampledOf(kinds, samples, true);
    const Regression fitted = FitMoment(live, SampledOf(kinds, samples, false));
    Precision view = {true, live.counted.bytes, 0, 0};
    view.variance_bytes2 = live.sampled.covariance[1][1];
    const double ratio =
        static_cast<double>(live.counted.bytes) / static_cast<double>(live.sampled.bytes);
    for (size_t i = 0; i < kLive; ++i) {
      const double truth = TruthOf(kinds[i]), shown = BytesOf(kinds[i], samples[i], fitted);
      const double error = shown - truth;
      sum[i] += error / truth;
      square[i] += std::pow(error / truth, 2);
      plain[i] += std::pow(BytesOf(kinds[i], samples[i], {}) * ratio / truth - 1, 2);
      Amount part;
      part.scaled_bytes = std::llround(shown);
      part.variance_bytes2 = kinds[i].weight().variance_bytes2 * static_cast<double>(samples[i]);
      held += std::fabs(error) <= HalfWidth95(part, view);
    }
  }
  for (size_t i = 0; i < kLive; ++i) {
    const double sigma = std::sqrt(square[i] / kRuns);
    EXPECT_LT(std::fabs(sum[i] / kRuns), 6 * sigma / std::sqrt(kRuns) + 0.002) << i;
    EXPECT_LT(square[i], plain[i]) << i;
  }
  EXPECT_LT(square[0], 0.4 * plain[0]);
  EXPECT_GT(held / double{kLive * kRuns}, 0.95);
}

}  // namespace
}  // namespace heapcrest
