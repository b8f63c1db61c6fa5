#include "viewer/object_precision.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "viewer/peak.h"

namespace heapcrest {
namespace {

constexpr uint64_t kInterval = 65536;
constexpr double kTrials = 1000;

// `count` objects at a line, one stack each.
struct Line {
  uint32_t stack;
  uint64_t size;
  int64_t count;
  bool is_kept = true;
};

int64_t TakenBy(const Line& line) {
  return static_cast<int64_t>(line.size + ObjectSlack(line.size)) * line.count;
}

Process ProcessOf(const std::vector<Line>& lines, std::mt19937_64* random) {
  Process process;
  process.interval_bytes = kInterval;
  process.stacks.resize(10);
  process.counts.has_live_objects = true;
  HeapPoint point;
  for (const Line& line : lines) {
    ObjectCount& count = process.counts.objects[ObjectClassOf(line.size)];
    count.objects += static_cast<uint64_t>(line.count);
    count.bytes += static_cast<uint64_t>(line.count) * line.size;
    if (line.is_kept) {
      point.objects += line.count;
      point.object_bytes += TakenBy(line);
    }
    const double probability = -std::expm1(-static_cast<double>(line.size) / kInterval);
    const auto sampled = std::binomial_distribution<int64_t>(line.count, probability)(*random);
    const Sample sample = {.size = line.size,
                           .freed_ns = line.is_kept ? kStillLive : 5,
                           .stack = line.stack,
                           .overhead = static_cast<uint32_t>(1 + ObjectSlack(line.size)),
                           .is_object = true};
    process.samples.insert(process.samples.end(), static_cast<size_t>(sampled), sample);
  }
  const auto is_freed = [](const Sample& sample) { return sample.freed_ns != kStillLive; };
  point.at = {
      10, process.samples.size(),
      static_cast<size_t>(std::count_if(process.samples.begin(), process.samples.end(), is_freed))};
  process.counts.points = {point};
  return process;
}

// How often the interval of the stack's bytes at the peak held the truth, and how far off they
// were.
struct Outcome {
  double coverage, relative_error;  // in 1; root of the mean square
};
Outcome Draw(const std::vector<Line>& lines, uint32_t stack, double truth) {
  std::mt19937_64 random(7);
  int held = 0;
  double squares = 0;
  for (int i = 0; i < kTrials; ++i) {
    const Process process = ProcessOf(lines, &random);
    const Peak peak = FindPeak(process, {});
    for (const StackAmounts& amounts : peak.stacks) {
      if (amounts.stack != stack) continue;
      const Amount& amount = amounts.amounts[0];
      const double error = static_cast<double>(amount.bytes) - truth;
      held += std::fabs(error) <= HalfWidth95(amount, peak.precision[0]);
      squares += error * error;
    }
  }
  return {held / kTrials, std::sqrt(squares / kTrials) / truth};
}

// A bound fails by chance less than once in 10^8 runs, and the seed is fixed.
const double kSixSigma = 6 * std::sqrt(0.95 * 0.05 / kTrials);

// Of a million integers that all live their class says how many they are. Other classes do not say
// how much of them lives: what they are off by is theirs.
const std::vector<Line> kIntegersBesideAnImport = {
    {1, 32, 1'000'000},      {2, 100, 40'000},        {2, 200, 10'000},      {3, 60, 20'000},
    {4, 100, 40'000, false}, {4, 200, 20'000, false}, {4, 60, 40'000, false}};

TEST(ObjectPrecisionTest, ALineOfWhichAllLivesIsKnownWhateverElseDoes) {
  const Outcome integers = Draw(kIntegersBesideAnImport, 1, 32'000'000);
  EXPECT_LT(integers.relative_error, 0.001);  // shared by bytes alone: 0.014
  EXPECT_GT(integers.coverage, 0.95);         // room for objects that were not seen
}

TEST(ObjectPrecisionTest, LinesThatShareAnErrorKnowOfIt) {
  EXPECT_NEAR(Draw(kIntegersBesideAnImport, 2, 6'000'000).coverage, 0.95, kSixSigma);
  EXPECT_NEAR(Draw(kIntegersBesideAnImport, 3, 1'200'000).coverage, 0.95, kSixSigma);
}

TEST(ObjectPrecisionTest, OneLineThatHoldsAllIsKnown) {
  std::mt19937_64 random(7);
  const Process process = ProcessOf({{1, 32, 100'000}, {2, 32, 100'000, false}}, &random);
  const Peak peak = FindPeak(process, {});
  EXPECT_EQ(peak.total[0].bytes, 3'200'000);
  EXPECT_EQ(HalfWidth95(peak.stacks[1].amounts[0], peak.precision[0]), 0);
}

}  // namespace
}  // namespace heapcrest
