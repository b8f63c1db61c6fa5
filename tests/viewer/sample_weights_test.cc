#include "viewer/sample_weights.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "viewer/object_precision.h"
#include "viewer/peak.h"

namespace heapcrest {
namespace {

constexpr uint64_t kObjectInterval = 65536;

Sample ObjectOf(uint64_t size, uint32_t stack = 0, uint64_t freed_ns = kStillLive) {
  return {.size = size,
          .freed_ns = freed_ns,
          .stack = stack,
          .overhead = static_cast<uint32_t>(1 + ObjectSlack(size)),
          .is_object = true};
}

// With `count` objects of each class, all of the class's size.
Process Counted(std::vector<Sample> samples, std::vector<ObjectCount> counts) {
  Process process;
  process.interval_bytes = kObjectInterval;
  process.samples = std::move(samples);
  process.counts.points.resize(1);
  std::copy(counts.begin(), counts.end(), process.counts.objects.begin());
  return process;
}

TEST(SampleWeightsTest, SamplesOfAClassAddUpToWhatWasCountedOfIt) {
  const Process process = Counted({ObjectOf(32), ObjectOf(20), ObjectOf(8), ObjectOf(32)},
                                  {{1000, 9000}, {7001, 7001 * 30 + 7}});
  const SampleWeights weights(process);
  int64_t bytes = 0, count_q16 = 0, overhead = 0;
  for (const size_t i : {0, 1, 3}) {
    EXPECT_TRUE(weights[i].is_scaled());
    bytes += weights[i].bytes;
    count_q16 += weights[i].count_q16;
    overhead += weights[i].overhead;
  }
  EXPECT_EQ(bytes, 7001 * 30 + 7);
  EXPECT_EQ(count_q16, 7001 << 16);
  EXPECT_EQ(overhead, 7001 * 32 - bytes);
  EXPECT_EQ(weights[2].bytes, 9000);
  EXPECT_EQ(weights.unsampled_objects().bytes, 0);
}

TEST(SampleWeightsTest, MallocBlocksAndUncountedObjectsWeighWhatTheyDo) {
  Process process = Counted({ObjectOf(32), {.size = 32, .overhead = 17}}, {{}, {1000, 32'000}});
  EXPECT_EQ(SampleWeights(process)[1].bytes, WeightOf(32, kObjectInterval).bytes);
  EXPECT_FALSE(SampleWeights(process)[1].is_scaled());
  process.counts.objects = {};
  EXPECT_EQ(SampleWeights(process)[0].bytes, WeightOf(32, kObjectInterval).bytes);
  EXPECT_FALSE(SampleWeights(process)[0].is_scaled());
}

TEST(SampleWeightsTest, ClassesWithoutASampleAreARemainder) {
  const Process process = Counted({ObjectOf(32)}, {{10, 100}, {1000, 32'000}, {20, 20 * 40}});
  const Amount rest = SampleWeights(process).unsampled_objects();
  EXPECT_EQ(rest.bytes, 900);
  EXPECT_EQ(rest.count_q16, 30 << 16);
  EXPECT_EQ(rest.overhead, 10 * 16 + 20 * 48 - 900);
}

TEST(SampleWeightsTest, ObjectsThatAreAlwaysSampledStandForThemselves) {
  Process process = Counted({ObjectOf(500), ObjectOf(512)}, {});
  process.interval_bytes = 512;
  process.counts.objects[31] = {3, 500 + 500 + 512};
  const SampleWeights weights(process);
  EXPECT_EQ(weights[0].bytes, 1000);
  EXPECT_EQ(weights[1].bytes, 512);
  EXPECT_EQ(weights[1].variance_bytes2, 0);
}

TEST(SampleWeightsTest, AClassOfWhichAllLivesLeavesLittleDoubt) {
  std::vector<Sample> samples(400, ObjectOf(32));
  samples.resize(440, ObjectOf(48));
  samples.resize(480, ObjectOf(48, 0, 5));
  samples.resize(490, ObjectOf(64, 0, 5));
  Process process = Counted(samples, {{}, {1000, 32'000}, {1000, 48'000}, {1000, 64'000}});
  process.counts.points[0] = {.at = {10, 490, 50}, .block_bytes = 0, .blocks = 0};
  const auto doubts = [&] {
    const SampleWeights weights(process);
    return std::vector<int>{weights[0].doubt, weights[400].doubt, weights[480].doubt};
  };
  EXPECT_EQ(doubts(), (std::vector<int>{255, 255, 255}));  // live objects were not counted
  process.counts.has_live_objects = true;
  EXPECT_EQ(doubts(), (std::vector<int>{1, 255, 255}));
}

// A million integers of which `held` per cent live, beside as many bytes of others in their class.
// 2,000 draws; either bound fails by chance less than once in 10^8 runs, and the seed is fixed.
struct Trial {
  double sigma, bias, coverage;  // of the part's truth; of the draws
};
Trial DrawMany(double held_share, double other_share) {
  constexpr int kRuns = 2000;
  constexpr int64_t kObjects = 1'000'000;
  std::mt19937_64 random(7);
  const double probability = -std::expm1(-32.0 / kObjectInterval);
  const auto part = [&](double share) {
    return static_cast<int64_t>(share * static_cast<double>(kObjects));
  };
  const int64_t held = part(held_share), other = part(other_share);
  const double truth = 32.0 * static_cast<double>(held);
  double sum = 0, square = 0;
  int covered = 0;
  for (int run = 0; run < kRuns; ++run) {
    std::vector<Sample> samples;
    const auto draw = [&](int64_t objects, const Sample& sample) {
      const auto count = std::binomial_distribution<int64_t>(objects, probability)(random);
      samples.insert(samples.end(), static_cast<size_t>(count), sample);
    };
    draw(held, ObjectOf(32, 1));
    draw(kObjects - held - other, ObjectOf(32, 1, 5));
    draw(other, ObjectOf(32, 2, 5));
    const Process process = Counted(samples, {{}, {kObjects, 32 * kObjects}});
    const SampleWeights weights(process);
    ObjectPrecision precision(false);
    Amount of_held;
    for (size_t i = 0; i < samples.size(); ++i) {
      if (samples[i].freed_ns == kStillLive) {
        of_held.bytes += weights[i].bytes;
        precision.Add(samples[i], weights[i], 1);
      }
      precision.Add(samples[i], weights[i], 2);
    }
    precision.ForEachStack([&](uint32_t stack, size_t view, double variance) {
      if (stack == 1 && view == 1) of_held.object_variance_bytes2 += variance;
    });
    const double error = static_cast<double>(of_held.bytes) - truth;
    sum += error;
    square += error * error;
    if (std::fabs(error) <= HalfWidth95(of_held, {})) ++covered;
  }
  return {std::sqrt(square / kRuns) / truth, sum / kRuns / truth, covered / double{kRuns}};
}

TEST(SampleWeightsTest, AMillionObjectsThatAllLiveAreAMillion) {
  const Trial trial = DrawMany(1, 0);
  EXPECT_EQ(trial.sigma, 0);
  EXPECT_EQ(trial.coverage, 1);
}

TEST(SampleWeightsTest, FewOthersInTheClassCostLittle) {
  const Trial trial = DrawMany(0.99, 0.01);
  EXPECT_LT(trial.sigma, 0.006);  // plain: 0.045
  EXPECT_LT(std::fabs(trial.bias), 6 * trial.sigma / std::sqrt(2000));
  EXPECT_GT(trial.coverage, 0.95 - 6 * std::sqrt(0.95 * 0.05 / 2000));
}

TEST(SampleWeightsTest, PartsAreUnbiasedAndTheirIntervalsHoldTheTruth) {
  for (const double share : {0.1, 0.5, 0.8}) {
    const Trial trial = DrawMany(share, 0.1);
    EXPECT_LT(std::fabs(trial.bias), 6 * trial.sigma / std::sqrt(2000)) << share;
    EXPECT_NEAR(trial.coverage, 0.95, 6 * std::sqrt(0.95 * 0.05 / 2000)) << share;
  }
}

}  // namespace
}  // namespace heapcrest
