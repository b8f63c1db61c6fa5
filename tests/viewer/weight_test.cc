#include "viewer/weight.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace heapcrest {
namespace {

TEST(WeightTest, ABlockOfTheIntervalOrMoreStandsForItselfExactly) {
  for (const uint64_t size : {65536u, 65537u, 1u << 30}) {
    const Weight weight = WeightOf(size, 65536);
    EXPECT_EQ(weight.bytes, static_cast<int64_t>(size));
    EXPECT_EQ(weight.count_q16, 1 << 16);
    EXPECT_EQ(weight.variance_bytes2, 0);
  }
}

TEST(WeightTest, AtIntervalOneEveryBlockIsExactEvenOneOfNoBytes) {
  for (const uint64_t size : {0u, 1u, 2u, 4096u}) {
    EXPECT_EQ(WeightOf(size, 1).bytes, static_cast<int64_t>(size));
    EXPECT_EQ(WeightOf(size, 1).count_q16, 1 << 16);
    EXPECT_EQ(WeightOf(size, 1).variance_bytes2, 0);
  }
}

TEST(WeightTest, ASmallBlockStandsForAboutTheIntervalAndALittleMore) {
  // 28 / (1 - exp(-28 / 65536)) = 65550.0010; 1 / P = 2341.0715.
  const Weight weight = WeightOf(28, 65536);
  EXPECT_EQ(weight.bytes, 65550);
  EXPECT_NEAR(static_cast<double>(weight.count_q16) / 65536, 2341.0715, 1e-4);
}

TEST(WeightTest, AnEarlySampleStandsForTheShorterInterval) {
  Process process;
  process.interval_bytes = 65536;
  Sample sample;
  sample.size = 28;
  sample.finer = 4;
  EXPECT_EQ(WeightOf(sample, process).bytes, WeightOf(28, 4096).bytes);
  EXPECT_FALSE(IsLarge(sample, process));
  sample.size = 4096;
  EXPECT_TRUE(WeightOf(sample, process).is_exact());
  EXPECT_TRUE(IsLarge(sample, process));
}

TEST(WeightTest, TinyProbabilitiesKeepTheirDigits) {
  // size / P = interval + size / 2 + ...
  EXPECT_EQ(WeightOf(2, kMaxInterval).bytes, (int64_t{1} << 40) + 1);
}

// Bernoulli trials with the sampler's probability: the sum of weights estimates the bytes without
// bias, the sum of variances the spread. Both within 6 sigma of what theory says: each fails by
// chance less than once in 10^8 runs, and the seed is fixed.
TEST(WeightTest, SumsAreUnbiasedAndTheirVarianceIsTold) {
  constexpr double kEvery = 4096;
  constexpr int kBlocks = 500, kRuns = 4000;
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> uniform(0, 1);
  std::vector<uint64_t> sizes;
  double truth = 0, true_variance = 0;
  for (int i = 0; i < kBlocks; ++i) {
    sizes.push_back(1 + random() % 5000);
    const auto size = static_cast<double>(sizes.back());
    const double p = size >= kEvery ? 1 : 1 - std::exp(-size / kEvery);
    truth += size;
    true_variance += size * size * (1 - p) / p;
  }
  double sum = 0, square = 0, told = 0;
  for (int run = 0; run < kRuns; ++run) {
    double estimate = 0;
    for (const uint64_t size : sizes) {
      const double p = 1 - std::exp(-static_cast<double>(size) / kEvery);
      if (size < 4096 && uniform(random) >= p) continue;
      const Weight weight = WeightOf(size, 4096);
      estimate += static_cast<double>(weight.bytes);
      told += weight.variance_bytes2;
    }
    sum += estimate - truth;
    square += (estimate - truth) * (estimate - truth);
  }
  EXPECT_LT(std::fabs(sum / kRuns), 6 * std::sqrt(true_variance / kRuns));
  // The variance of a sample variance of nearly normal values is 2 sigma^4 / n.
  EXPECT_NEAR(square / kRuns, true_variance, 6 * true_variance * std::sqrt(2.0 / kRuns));
  EXPECT_NEAR(told / kRuns, true_variance, 0.02 * true_variance);
}

TEST(WeightTest, SumsThatDoNotFitAreNoticed) {
  Process process;
  process.interval_bytes = 1;
  process.samples.resize(63, {kMaxSize, 0, kStillLive, 0, 0});
  EXPECT_TRUE(WeightsAddUp(process));
  process.samples.push_back(process.samples[0]);
  EXPECT_FALSE(WeightsAddUp(process));
  process.samples = {{kMaxSize + 1, 0, kStillLive, 0, 0}};
  EXPECT_FALSE(WeightsAddUp(process));
  process.samples.clear();
  process.interval_bytes = kMaxInterval + 1;
  EXPECT_FALSE(WeightsAddUp(process));
}

TEST(WeightTest, CountsThatDoNotFitAreNoticed) {
  Process process;
  process.interval_bytes = kMaxInterval;  // each sample of a byte stands for 2^40 blocks
  process.samples.resize(200, {1, 0, kStillLive, 0, 0});
  EXPECT_FALSE(WeightsAddUp(process));
}

}  // namespace
}  // namespace heapcrest
