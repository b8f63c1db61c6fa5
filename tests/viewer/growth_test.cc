#include "viewer/growth.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/viewer/recording_builder.h"
#include "viewer/summary.h"

namespace heapcrest {
namespace {

using testing::ElementsAre;

std::vector<std::string> GrownIn(const Recording& recording, const Growth& growth) {
  std::vector<std::string> lines;
  for (const LineGrowth& line : growth.lines) {
    lines.push_back(FunctionText(recording, line.frame) + " " + std::to_string(line.amount.bytes));
  }
  return lines;
}

TEST(GrowthTest, BeginsWhereThreeQuartersOfThePeakWereLiveForTheLastTime) {
  const Recording recording = RecordingBuilder()
                                  .Sample({"f"}, 300, 1000)
                                  .Sample({"g"}, 50, 2000, 9000)
                                  .Sample({"f"}, 25, 3000, 4000)
                                  .Sample({"h"}, 100, 6000)
                                  .Sample({"f"}, 50, 7000)
                                  .Build();
  // The peak is 500 bytes; 350 were live, 375 for a moment, until h came.
  const Growth growth = Summarize(recording).growth;
  EXPECT_EQ(growth.from_ns, 6000u);
  EXPECT_EQ(growth.from_bytes, 350);
  EXPECT_EQ(growth.bytes, 150);
  EXPECT_THAT(GrownIn(recording, growth), ElementsAre("h 100", "f 50"));
  EXPECT_EQ(growth.lines[0].amount.samples, 1);
}

TEST(GrowthTest, ALineThatShrankHasLess) {
  const Recording recording = RecordingBuilder()
                                  .Sample({"f"}, 60, 1000, 3000)
                                  .Sample({"f"}, 10, 1500)
                                  .Sample({"g"}, 100, 2000)
                                  .Sample({"g"}, 90, 4000)
                                  .Build();
  // Live: 60, 70, 170, 110, 200 at the peak; 110 are at most 150.
  const Growth growth = Summarize(recording).growth;
  EXPECT_EQ(growth.from_bytes, 110);
  EXPECT_THAT(GrownIn(recording, growth), ElementsAre("g 90"));
}

TEST(GrowthTest, OneBlockComesAtOnce) {
  const Recording recording = RecordingBuilder().Sample({"f"}, 100, 5000).Build();
  const Growth growth = Summarize(recording).growth;
  EXPECT_EQ(growth.from_ns, 5000u);
  EXPECT_EQ(growth.from_bytes, 0);
  EXPECT_EQ(growth.bytes, 100);
}

TEST(GrowthTest, IsScaledToWhatWasCountedAtEitherEnd) {
  // 1,000 blocks of 64 bytes stand at the first point, 3,000 at the second; two of g's samples for
  // one of f's.
  RecordingBuilder builder(65536);
  builder.Sample({"f"}, 64, 1000).Sample({"g"}, 64, 2000).Sample({"g"}, 64, 3000);
  Process& process = builder.recording.processes[0];
  for (Sample& sample : process.samples) sample.overhead = 17;
  process.counts.points = {{{1500, 1, 0}, 80'000, 1000}, {{3500, 3, 0}, 240'000, 3000}};
  process.counts.allocated_blocks = 3000;
  process.counts.requested_bytes = 192'000;
  const Recording recording = builder.Build();
  const Growth growth = Summarize(recording).growth;
  EXPECT_EQ(growth.from_ns, 2000u);
  EXPECT_EQ(growth.from_bytes, 64'000);
  EXPECT_EQ(growth.bytes, 128'000);
  EXPECT_THAT(GrownIn(recording, growth), ElementsAre("g 128000"));
  // Two samples: 1.96 sqrt(2 (1 - P)) 64 / P, scaled by 64,000 to 65,568.
  EXPECT_NEAR(HalfWidth95(growth.lines[0].amount, {}), 1.96 * 1.41421 * 64'000, 100);
}

TEST(GrowthTest, LargeBlocksFreedBehindTheLastPointWereNotLive) {
  // A vector: 1,000 bytes beside 2,000, then 4,000. No count was written between the two copies.
  RecordingBuilder builder(64);
  builder.Sample({"f"}, 1000, 1000, 3000).Sample({"f"}, 2000, 2000, 6000).Sample({"f"}, 4000, 5000);
  Process& process = builder.recording.processes[0];
  for (Sample& sample : process.samples) sample.overhead = 9;
  process.counts.points = {
      {{2000, 2, 0}, 3016, 2}, {{5000, 3, 1}, 6016, 2}, {{7000, 3, 2}, 4008, 1}};
  process.counts.allocated_blocks = 3;
  process.counts.requested_bytes = 7000;
  const Recording recording = builder.Build();
  const Growth growth = Summarize(recording).growth;
  EXPECT_EQ(growth.from_bytes, 2000);
  EXPECT_EQ(growth.bytes, 4000);
  EXPECT_EQ(growth.from_ns, 5000u);
}

TEST(GrowthTest, LinesAddUpToTheWhole) {
  for (uint64_t seed = 0; seed < 100; ++seed) {
    const Recording recording = RandomRecording(seed);
    const Summary summary = Summarize(recording);
    int64_t sum = 0;
    for (const LineGrowth& line : summary.growth.lines) sum += line.amount.bytes;
    EXPECT_EQ(sum, summary.growth.bytes) << seed;
    EXPECT_EQ(summary.growth.bytes + summary.growth.from_bytes,
              summary.main_process().amounts[0].bytes);
  }
}

}  // namespace
}  // namespace heapcrest
