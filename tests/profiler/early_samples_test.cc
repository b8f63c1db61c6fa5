// Statistical: fixed seeds, bounds of 6 standard deviations (sampler_test.cc).
#include "profiler/early_samples.h"

#include <gtest/gtest.h>

#include <cmath>

#include "profiler/sampler.h"

namespace heapcrest {
namespace {

TEST(EarlySamplesTest, AreTakenAtASixteenthAndTwiceAsFarApartAfterEachLevel) {
  constexpr uint64_t kLevel = kSamplesPerLevel;
  EXPECT_EQ(FinerAfter(0, 65536), 4u);
  EXPECT_EQ(FinerAfter(kLevel - 1, 65536), 4u);
  EXPECT_EQ(FinerAfter(kLevel, 65536), 3u);
  EXPECT_EQ(FinerAfter(3 * kLevel, 65536), 1u);
  EXPECT_EQ(FinerAfter(4 * kLevel, 65536), 0u);
  EXPECT_EQ(FinerAfter(UINT64_MAX, 65536), 0u);
}

TEST(EarlySamplesTest, NoneAreFinerThanFourKilobytesUnlessAskedFor) {
  for (const uint64_t interval : {1u, 2u, 100u, 4096u, 8191u})
    EXPECT_EQ(FinerAfter(0, interval), 0u);
  EXPECT_EQ(FinerAfter(0, 8192), 1u);
  EXPECT_EQ(FinerAfter(0, 40'000), 3u);
  EXPECT_EQ(FinerAfter(0, uint64_t{1} << 30), 4u);
}

TEST(EarlySamplesTest, DeepStacksCountAsSeveral) {
  EXPECT_EQ(EarlySamplesOf(0), 1u);
  EXPECT_EQ(EarlySamplesOf(300), 1u);
  EXPECT_EQ(EarlySamplesOf(1000), 2u);
  EXPECT_EQ(EarlySamplesOf(50'000), 98u);
}

// As recorder.cc does it, in a process of two threads that take turns.
TEST(EarlySamplesTest, WeightsAddUpWhileTheIntervalGrows) {
  constexpr uint64_t kInterval = 65536;
  constexpr int kRounds = 30;
  double error = 0, variance = 0;
  for (uint64_t round = 0; round < kRounds; ++round) {
    uint64_t samples = 0;
    Sampler samplers[2];
    uint32_t finer[2] = {4, 4};
    for (uint64_t i = 0; i < 2; ++i) samplers[i].Start(kInterval >> 4, 100 * round + i);
    uint64_t random = round;
    for (int i = 0; i < 400'000; ++i) {
      random = random * 6364136223846793005u + 1442695040888963407u;
      const uint64_t size = (random >> 33) % 3000 + 1, thread = random >> 63;
      const double interval = static_cast<double>(kInterval >> finer[thread]);
      const auto bytes = static_cast<double>(size);
      const double p = -std::expm1(-bytes / interval);
      error -= bytes;
      variance += bytes * bytes * (1 - p) / p;
      if (samplers[thread].Subtract(size) >= 0 || !samplers[thread].CoversMark(size)) continue;
      error += bytes / p;
      const uint32_t next = FinerAfter(++samples, kInterval);
      if (next == finer[thread]) continue;
      finer[thread] = next;
      samplers[thread].ChangeInterval(kInterval >> next);
    }
    EXPECT_EQ(FinerAfter(samples, kInterval), 0u);
  }
  EXPECT_LT(std::abs(error), 6 * std::sqrt(variance));
}

}  // namespace
}  // namespace heapcrest
