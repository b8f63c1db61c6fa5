#include "viewer/calibration.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "viewer/peak.h"

namespace heapcrest {
namespace {

constexpr uint64_t kInterval = 4096;

Weight WeightOfSample(const Sample& sample) {
  Process process;
  process.interval_bytes = kInterval;
  return WeightOf(sample, process);
}

Sample SampleOf(uint64_t size, uint32_t overhead = 9) {
  Sample sample;
  sample.size = size;
  sample.overhead = overhead;
  return sample;
}

SampleSums SumsOf(const std::vector<Sample>& samples) {
  SampleSums sums;
  for (const Sample& sample : samples) sums.Add(WeightOfSample(sample));
  return sums;
}

TEST(CalibrationTest, WhatIsHandedOutAddsUpToTheTruth) {
  std::vector<Sample> samples;
  for (uint64_t i = 0; i < 1000; ++i) samples.push_back(SampleOf(1 + i % 3000, 9 + i % 16));
  const SampleSums sums = SumsOf(samples);
  const SmallBlocks truth = {123'456'789, 54'321LL << 16, 7'777'777};
  Scaler scaler({{truth, {}}, {}, sums});
  Amount all;
  for (const Sample& sample : samples) all += scaler.AmountOf(WeightOfSample(sample));
  EXPECT_EQ(all.bytes, truth.bytes);
  EXPECT_EQ(all.scaled_bytes, truth.bytes);
  EXPECT_EQ(all.count_q16, truth.count_q16);
  EXPECT_EQ(all.overhead, truth.overhead);
  EXPECT_EQ(all.samples, 1000);
}

TEST(CalibrationTest, LargeBlocksStayAsTheyAre) {
  const std::vector<Sample> samples = {SampleOf(5000), SampleOf(100)};
  const SampleSums sums = SumsOf(samples);
  Scaler scaler({{{1000, 10 << 16, 80}, {}}, {}, sums});
  EXPECT_EQ(scaler.AmountOf(WeightOfSample(samples[0])).bytes, 5000);
  EXPECT_EQ(scaler.AmountOf(WeightOfSample(samples[1])).bytes, 1000);
}

TEST(CalibrationTest, RequestedBytesAreBlockBytesWithoutWhatTheAllocatorAdds) {
  // A thousand blocks of 28 bytes take 48 each; one of 8,000 takes 8,016.
  const std::vector<Sample> samples = {SampleOf(28, 21), SampleOf(8000, 17)};
  const HeapPoint point = {{}, 1000 * 48 + 8016, 1001};
  const SmallBlocks small = TruthAt({}, point, SumsOf(samples), 16).small;
  EXPECT_EQ(small.bytes + small.overhead, 48'000);
  EXPECT_NEAR(static_cast<double>(small.overhead), 20'000,
              5);  // a mean of weights, which are whole numbers
  EXPECT_EQ(small.count_q16, 1000LL << 16);
}

TEST(CalibrationTest, CountsThatSayLessThanTheLargeBlocksLeaveNothingForSmallOnes) {
  const SmallBlocks small = TruthAt({}, {{}, 10, 0}, SumsOf({SampleOf(8000)}), 16).small;
  EXPECT_EQ(small.bytes, 0);
  EXPECT_EQ(small.count_q16, 0);
  EXPECT_EQ(small.overhead, 0);
}

TEST(CalibrationTest, ObjectsAreScaledToThoseThatWereCounted) {
  // A thousand objects of 20 bytes take 32 each; samples say that there are 900.
  SampleSums sums;
  const Weight weight = {450 * 20, 450 << 16, 450 * 12, 1e6, true};
  sums.Add(weight);
  sums.Add(weight);
  HeapCounts counts;
  HeapPoint point;
  point.objects = 1000;
  point.object_bytes = 32'000;
  EXPECT_EQ(TruthAt(counts, point, sums, 16).objects.bytes, 18'000);  // not counted
  counts.has_live_objects = true;
  const Truth truth = TruthAt(counts, point, sums, 16);
  EXPECT_EQ(truth.objects.bytes, 20'000);
  EXPECT_EQ(truth.objects.overhead, 12'000);
  EXPECT_NEAR(ScaleOf({}, sums, truth).objects, 10 / 9.0, 1e-9);
  EXPECT_NEAR(VarianceOfSum(sums.objects, truth.objects, 0), 0, 1e-6);  // all round up alike
  Scaler scaler({truth, {}, sums});
  Amount all = scaler.AmountOf(weight);
  all += scaler.AmountOf(weight);
  EXPECT_EQ(all.bytes, 20'000);
  EXPECT_EQ(all.count(), 1000);
  EXPECT_EQ(all.scaled_bytes, 0);
}

TEST(CalibrationTest, ObjectsWithoutASampleAreNotSampled) {
  HeapCounts counts;
  counts.has_live_objects = true;
  counts.objects[1] = {1000, 28'000};
  HeapPoint point;
  point.objects = 100;
  point.object_bytes = 3200;
  const Amount rest = NotSampled({}, TruthAt(counts, point, {}, 16));
  EXPECT_EQ(rest.bytes, 2800);
  EXPECT_EQ(rest.count(), 100);
  EXPECT_EQ(rest.overhead, 400);
}

TEST(CalibrationTest, InTotalTheRequestedBytesAreExact) {
  const SampleSums sums = SumsOf({SampleOf(8000), SampleOf(50)});
  HeapCounts counts;
  counts.allocated_blocks = 1001;
  counts.requested_bytes = 8000 + 50'000;
  const SmallBlocks small = TruthInTotal(counts, sums, 16).small;
  EXPECT_EQ(small.bytes, 50'000);
  EXPECT_EQ(small.count_q16, 1000LL << 16);
}

TEST(CalibrationTest, TheWholeIsAsSureAsItsSumAndAPartLess) {
  Precision view = {true, 1'000'000, 4e8, 100};
  Amount whole;
  whole.scaled_bytes = 1'000'000;
  whole.variance_bytes2 = 4e8;
  EXPECT_NEAR(HalfWidth95(whole, view), 1.96 * 10, 1e-6);
  Amount half;
  half.scaled_bytes = 500'000;
  half.variance_bytes2 = 2e8;
  // Halves of a known sum: each as unsure as the other, half as unsure as two that are not tied.
  EXPECT_NEAR(HalfWidth95(half, view), 1.96 * std::sqrt(1e8 + 25), 1);
  view.is_calibrated = false;
  EXPECT_NEAR(HalfWidth95(half, view), 1.96 * std::sqrt(2e8), 1e-6);
}

// Many samplings of one heap: two kinds of blocks, both small. The scaled figure of one kind has
// the truth as its mean, and the printed interval holds it as often as it says. 4,000 draws: the
// mean is within 6 sigma of the truth, the share of intervals that hold it within 6 sigma of 95 %;
// either fails by chance less than once in 10^8 runs, and the seed is fixed.
TEST(CalibrationTest, PartsAreUnbiasedAndTheirIntervalsHoldTheTruth) {
  constexpr int kRuns = 4000;
  constexpr int64_t kSmall = 20'000, kMedium = 3000;  // blocks of 40 and of 300 bytes
  std::mt19937_64 random(11);
  const auto probability = [](double size) { return -std::expm1(-size / kInterval); };
  std::binomial_distribution<int> small_samples(kSmall, probability(40));
  std::binomial_distribution<int> medium_samples(kMedium, probability(300));
  const double truth = 40.0 * kSmall;
  const HeapPoint point = {{}, kSmall * 48 + kMedium * 320, kSmall + kMedium};
  double sum = 0, square = 0;
  int held = 0;
  for (int run = 0; run < kRuns; ++run) {
    std::vector<Sample> samples(static_cast<size_t>(small_samples(random)), SampleOf(40, 9));
    const size_t first = samples.size();
    samples.resize(first + static_cast<size_t>(medium_samples(random)), SampleOf(300, 21));
    const SampleSums sums = SumsOf(samples);
    const Truth small = TruthAt({}, point, sums, 16);
    Scaler scaler({small, {}, sums});
    Amount of_small, all;
    for (size_t i = 0; i < samples.size(); ++i) {
      const Amount amount = scaler.AmountOf(WeightOfSample(samples[i]));
      all += amount;
      if (i < first) of_small += amount;
    }
    const Precision view = {true, all.scaled_bytes, all.variance_bytes2,
                            VarianceOfSum(sums.small, small.small, 0)};
    const double error = static_cast<double>(of_small.bytes) - truth;
    sum += error;
    square += error * error;
    if (std::fabs(error) <= HalfWidth95(of_small, view)) ++held;
  }
  const double sigma = std::sqrt(square / kRuns);
  EXPECT_LT(sigma, 0.06 * truth);  // 196 and 212 samples: unscaled it would be 0.071
  // A ratio of estimates is biased by a part of its variance, here less than a thousandth.
  EXPECT_LT(std::fabs(sum / kRuns), 6 * sigma / std::sqrt(kRuns) + 0.001 * truth);
  EXPECT_NEAR(held / double{kRuns}, 0.95, 6 * std::sqrt(0.95 * 0.05 / kRuns));
}

}  // namespace
}  // namespace heapcrest
