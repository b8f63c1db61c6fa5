#include "viewer/copies.h"

#include <gtest/gtest.h>

#include "tests/viewer/recording_builder.h"
#include "viewer/summary.h"

namespace heapcrest {
namespace {

constexpr uint64_t kMillisecond = 1'000'000;

std::vector<CopySpike> CopiesOf(RecordingBuilder& builder) {
  return Summarize(builder.Build()).copies;
}

// 1 MB becomes 2 MB, and that 4 MB.
RecordingBuilder GrowingVector(uint64_t copied_ns = 12 * kMillisecond) {
  RecordingBuilder builder(65536);
  builder.Sample({"main", "push:3"}, 1'000'000, 1 * kMillisecond, 4 * kMillisecond)
      .Sample({"main", "push:3"}, 2'000'000, 3 * kMillisecond, copied_ns)
      .Sample({"main", "push:3"}, 4'000'000, 10 * kMillisecond);
  return builder;
}

TEST(CopiesTest, AVectorHoldsOldAndNewWhileItGrows) {
  RecordingBuilder builder = GrowingVector();
  const std::vector<CopySpike> copies = CopiesOf(builder);
  ASSERT_EQ(copies.size(), 1u);
  EXPECT_EQ(copies[0].old_bytes, 2'000'000);
  EXPECT_EQ(copies[0].new_bytes, 4'000'000);
  EXPECT_EQ(copies[0].seconds, 0.002);
}

TEST(CopiesTest, CopyingEndsWithinFiftyMillisecondsAndANanosecondForEachByte) {
  RecordingBuilder builder = GrowingVector(62 * kMillisecond);
  EXPECT_EQ(CopiesOf(builder).size(), 1u);
  builder = GrowingVector(62 * kMillisecond + 1000);
  EXPECT_TRUE(CopiesOf(builder).empty());
  builder = GrowingVector(kStillLive);
  EXPECT_TRUE(CopiesOf(builder).empty());
}

TEST(CopiesTest, AReallocIsNone) {
  RecordingBuilder builder = GrowingVector(10 * kMillisecond);
  EXPECT_TRUE(CopiesOf(builder).empty());
}

TEST(CopiesTest, TheNewBlockIsLargerAndTheOldOneAQuarterOfIt) {
  for (const auto& [size, copies] : {std::pair<uint64_t, size_t>{500'000, 0},
                                     {999'999, 0},
                                     {1'000'001, 1},
                                     {4'000'003, 1},
                                     {4'000'004, 0}}) {
    RecordingBuilder builder(65536);
    builder.Sample({"f"}, 1'000'000, 1 * kMillisecond, 3 * kMillisecond)
        .Sample({"f"}, size, 2 * kMillisecond);
    EXPECT_EQ(CopiesOf(builder).size(), copies) << size;
  }
}

TEST(CopiesTest, ACacheThatMakesRoomIsNone) {
  RecordingBuilder builder(65536);
  builder.Sample({"insert"}, 1'000'000, 1 * kMillisecond, 10 * kMillisecond + 1000)
      .Sample({"insert"}, 1'000'000, 2 * kMillisecond, 10 * kMillisecond + 2000)
      .Sample({"insert"}, 2'000'000, 10 * kMillisecond);
  EXPECT_TRUE(CopiesOf(builder).empty());  // nor where it drops all that it has
  builder = RecordingBuilder(65536);
  builder.Sample({"insert"}, 1'000'000, 1 * kMillisecond, 10 * kMillisecond + 1000)
      .Sample({"insert"}, 1'000'000, 2 * kMillisecond)
      .Sample({"insert"}, 2'000'000, 10 * kMillisecond);
  EXPECT_TRUE(CopiesOf(builder).empty());
}

TEST(CopiesTest, OtherLinesThreadsAndLaterAllocationsTellItIsNone) {
  RecordingBuilder other_line(65536);
  other_line.Sample({"f"}, 1'000'000, 1 * kMillisecond, 3 * kMillisecond)
      .Sample({"g"}, 2'000'000, 2 * kMillisecond);
  EXPECT_TRUE(CopiesOf(other_line).empty());
  RecordingBuilder other_thread = GrowingVector();
  other_thread.recording.processes[0].threads.push_back({1, 43, "worker"});
  other_thread.recording.processes[0].samples[2].thread = 1;
  EXPECT_TRUE(CopiesOf(other_thread).empty());
  RecordingBuilder again = GrowingVector();
  again.Sample({"main", "push:3"}, 70'000, 11 * kMillisecond, 11 * kMillisecond + 5000);
  EXPECT_TRUE(CopiesOf(again).empty());
}

TEST(CopiesTest, LessThanAHundredthOfThePeakIsNotWorthTelling) {
  RecordingBuilder builder = GrowingVector();
  builder.Sample({"main", "large"}, 200'000'000, 1);
  EXPECT_TRUE(CopiesOf(builder).empty());
}

TEST(CopiesTest, NoneWithoutSamples) {
  RecordingBuilder builder;
  EXPECT_TRUE(CopiesOf(builder).empty());
}

}  // namespace
}  // namespace heapcrest
