// Statistical tests draw from fixed seeds, so that they pass or fail the same way every time; the
// bounds are 6 standard deviations wide: with a fresh seed one such comparison would fail by chance
// in 2 of 10^9 runs.
#include "profiler/sampler.h"

#include <gtest/gtest.h>

#include <cmath>

namespace heapcrest {
namespace {

// Passes one allocation through the sampler as the hook does.
bool Offer(Sampler* sampler, uint64_t size) {
  sampler->countdown -= static_cast<int64_t>(size);
  return sampler->countdown < 0 && sampler->CoversMark(size);
}

struct Case {
  uint64_t interval, size;
};

class SamplingProbability : public testing::TestWithParam<Case> {};

TEST_P(SamplingProbability, MeanAndVarianceAreThoseOfTheTheory) {
  const auto [interval, size] = GetParam();
  const double p = -std::expm1(-static_cast<double>(size) / static_cast<double>(interval));
  constexpr int kRounds = 2000, kOffers = 2000;
  double sum = 0, squares = 0;
  for (int round = 0; round < kRounds; ++round) {
    Sampler sampler;
    sampler.Start(interval, 0x1234567 + static_cast<uint64_t>(round) * 7919);
    int taken = 0;
    for (int i = 0; i < kOffers; ++i) taken += Offer(&sampler, size);
    sum += taken;
    squares += static_cast<double>(taken) * taken;
  }
  // Taken samples of independent blocks are binomial.
  const double mean = sum / kRounds, variance = squares / kRounds - mean * mean;
  const double true_mean = kOffers * p, true_variance = kOffers * p * (1 - p);
  EXPECT_NEAR(mean, true_mean, 6 * std::sqrt(true_variance / kRounds));
  // The variance of a sample variance; the fourth moment of a binomial is near the normal's 3.
  const double kurtosis = 3 + (1 - 6 * p * (1 - p)) / true_variance;
  EXPECT_NEAR(variance, true_variance, 6 * true_variance * std::sqrt((kurtosis - 1) / kRounds));
}

INSTANTIATE_TEST_SUITE_P(Sizes, SamplingProbability,
                         testing::Values(Case{65536, 1024}, Case{65536, 32768}, Case{65536, 65535},
                                         Case{4096, 28}, Case{512, 511}, Case{2, 1}));

TEST(SamplerTest, RequestOfMoreThanThereIsDoesNotSilenceIt) {
  for (const bool asks_always : {false, true}) {
    Sampler sampler;
    sampler.Start(65536, 1, asks_always);
    constexpr uint64_t kHalf = uint64_t{1} << 63;
    for (const uint64_t size : {kHalf - 2, kHalf + 5, UINT64_MAX - 100, UINT64_MAX}) {
      if (sampler.Subtract(size) < 0) {
        if (sampler.CoversMark(size)) sampler.Withdraw(size);
      } else {
        sampler.NoteFailure();
      }
      EXPECT_LT(sampler.countdown, asks_always ? 0 : 65536) << size;
    }
    EXPECT_LT(sampler.TakeRequested(), 65536u);
  }
}

TEST(SamplerTest, ThatAsksAlwaysSamplesTheSame) {
  Sampler some, all;
  some.Start(65536, 42);
  all.Start(65536, 42, true);
  for (int i = 0; i < 1'000'000; ++i) {
    const uint64_t size = static_cast<uint64_t>(i) * 7919 % 1000;
    ASSERT_LT(all.Subtract(size), 0);
    const bool sampled = !all.PassesAnyway(size) && all.CoversMark(size);
    ASSERT_EQ(sampled, some.Subtract(size) < 0 && some.CoversMark(size)) << i;
  }
  EXPECT_EQ(some.TakeRequested(), all.TakeRequested());
}

TEST(SamplerTest, WeightedSamplesAddUpToTheBytesOfAMixedStream) {
  constexpr uint64_t kInterval = 65536;
  Sampler sampler;
  sampler.Start(kInterval, 42);
  uint64_t random = 1;
  double estimate = 0, truth = 0, variance = 0;
  for (int i = 0; i < 3'000'000; ++i) {
    random = random * 6364136223846793005u + 1442695040888963407u;
    const uint64_t size = (random >> 33) % 4096 + 1;
    const double p = -std::expm1(-static_cast<double>(size) / kInterval);
    const auto bytes = static_cast<double>(size);
    truth += bytes;
    variance += bytes * bytes * (1 - p) / p;
    if (Offer(&sampler, size)) estimate += bytes / p;
  }
  EXPECT_NEAR(estimate, truth, 6 * std::sqrt(variance));
}

TEST(SamplerTest, BlockOfTheIntervalOrMoreIsAlwaysSampledAndLeavesTheStreamAlone) {
  Sampler sampler;
  sampler.Start(1000, 7);
  for (int i = 0; i < 10000; ++i) {
    const int64_t before = sampler.countdown;
    ASSERT_TRUE(Offer(&sampler, 1000 + static_cast<uint64_t>(i)));
    ASSERT_EQ(sampler.countdown, before);
  }
}

TEST(SamplerTest, HopelessRequestDoesNotDisturbTheCountdown) {
  Sampler sampler;
  sampler.Start(65536, 7);
  const int64_t before = sampler.countdown;
  for (const uint64_t size : {uint64_t{1} << 63, (uint64_t{1} << 63) + 5}) {
    sampler.countdown = static_cast<int64_t>(static_cast<uint64_t>(sampler.countdown) - size);
    if (sampler.countdown < 0) {
      EXPECT_TRUE(sampler.CoversMark(size));
      EXPECT_EQ(sampler.countdown, before);
    }
    sampler.countdown = before;
  }
}

TEST(SamplerTest, IntervalOfOneSamplesEverythingEvenNothing) {
  Sampler sampler;
  sampler.Start(1, 99);
  for (const uint64_t size : {0, 1, 2, 1000000, 0, 0}) EXPECT_TRUE(Offer(&sampler, size));
}

TEST(SamplerTest, DifferentSeedsDrawDifferentMarks) {
  Sampler a, b;
  a.Start(1 << 20, 1);
  b.Start(1 << 20, 2);
  int differing = 0;
  for (int i = 0; i < 100000; ++i) differing += Offer(&a, 100) != Offer(&b, 100);
  EXPECT_GT(differing, 0);
}

TEST(NaturalLogarithmTest, EqualsLibmToTwelveDigits) {
  for (double x = 0x1.0p-53; x <= 1; x *= 1.0007) {
    ASSERT_NEAR(NaturalLogarithm(x), std::log(x), 1e-11 * std::max(1.0, -std::log(x))) << x;
  }
  EXPECT_EQ(NaturalLogarithm(1), 0);
}

}  // namespace
}  // namespace heapcrest
