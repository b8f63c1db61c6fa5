#include "viewer/counts_folder.h"

#include <gtest/gtest.h>

namespace heapcrest {
namespace {

Process TwoSamples() {
  Process process;
  process.start_monotonic_ns = 1000;
  process.interval_bytes = 65536;
  process.samples = {{.size = 100, .allocated_ns = 10, .freed_ns = 30, .overhead = 13},
                     {.size = 200, .allocated_ns = 20, .overhead = 9}};
  return process;
}

TEST(CountsFolderTest, ThreadsAddUpInTheOrderOfTime) {
  CountsFolder folder;
  folder.Add(1025, {5, 500, 0, 640});  // one thread
  folder.Add(1015, {1, 100, 0, 112});  // another, earlier
  folder.Add(1035, {0, 0, 2, -250});
  const HeapCounts counts = folder.Fold(TwoSamples());
  ASSERT_EQ(counts.points.size(), 3u);
  EXPECT_EQ(counts.points[0].block_bytes, 112);
  EXPECT_EQ(counts.points[1].block_bytes, 752);
  EXPECT_EQ(counts.points[2].block_bytes, 502);
  EXPECT_EQ(counts.points[2].blocks, 4);
  EXPECT_EQ(counts.allocated_blocks, 6u);
  EXPECT_EQ(counts.requested_bytes, 600u);
}

TEST(CountsFolderTest, PointsStandBehindTheEventsUpToTheirTime) {
  CountsFolder folder;
  for (const uint64_t time_ns : {1005, 1010, 1025, 1030}) folder.Add(time_ns, {1, 1, 0, 32});
  const HeapCounts counts = folder.Fold(TwoSamples());
  ASSERT_EQ(counts.points.size(), 4u);
  EXPECT_EQ(counts.points[0].at.allocations, 0u);
  EXPECT_EQ(counts.points[1].at.allocations, 1u);
  EXPECT_EQ(counts.points[2].at.allocations, 2u);
  EXPECT_EQ(counts.points[2].at.frees, 0u);
  EXPECT_EQ(counts.points[3].at.frees, 1u);
  EXPECT_EQ(counts.points[3].at.time_ns, 30u);
}

TEST(CountsFolderTest, AFreeThatIsSaidBeforeItsAllocationMakesNothingNegative) {
  CountsFolder folder;
  folder.Add(1010, {0, 0, 1, -32});
  folder.Add(1040, {1, 20, 0, 32});
  const HeapCounts counts = folder.Fold(TwoSamples());
  ASSERT_EQ(counts.points.size(), 2u);
  EXPECT_EQ(counts.points[0].block_bytes, 0);
  EXPECT_EQ(counts.points[0].blocks, 0);
  EXPECT_EQ(counts.points[1].blocks, 0);
}

TEST(CountsFolderTest, FreesOfWhatNobodyCountedMakeAllCountsWorthless) {
  CountsFolder folder;
  folder.Add(1010, {1, 20, 0, 32});
  folder.Add(1040, {0, 0, 100, -2'000'000});
  EXPECT_TRUE(folder.Fold(TwoSamples()).points.empty());
}

TEST(CountsFolderTest, CountsBesideBlocksThatNoAddressSpaceHoldsAreNotUsed) {
  Process process = TwoSamples();
  process.interval_bytes = 1;
  for (Sample& sample : process.samples) sample.size = (uint64_t{1} << 57) - 20;
  CountsFolder folder;
  folder.Add(1015, {1, 100, 0, int64_t{1} << 62});
  EXPECT_TRUE(folder.Fold(process).points.empty());
}

TEST(CountsFolderTest, LargeBlocksAreLiveWhateverWasCounted) {
  Process process = TwoSamples();
  process.interval_bytes = 150;
  process.samples[1].overhead = 17;  // 200 bytes at 20: always sampled
  CountsFolder folder;
  folder.Add(1015, {3, 300, 0, 400});
  HeapCounts counts = folder.Fold(process);
  ASSERT_EQ(counts.points.size(), 2u);  // killed before it counted the large one
  EXPECT_EQ(counts.points[1].block_bytes, 616);
  EXPECT_EQ(counts.points[1].blocks, 4);
  EXPECT_EQ(counts.points[1].at.time_ns, 30u);
  EXPECT_EQ(counts.points[1].at.allocations, 2u);
  EXPECT_EQ(counts.points[1].at.frees, 1u);
  folder.Add(1025, {1, 20, 0, 32});
  counts = folder.Fold(process);
  EXPECT_EQ(counts.points[0].block_bytes, 216);
}

TEST(CountsFolderTest, CountsThatLeaveOutASampledBlockAreNotUsed) {
  Process process = TwoSamples();
  process.samples[1].overhead = 0;
  CountsFolder folder;
  folder.Add(1010, {1, 20, 0, 32});
  EXPECT_TRUE(folder.Fold(process).points.empty());
}

TEST(CountsFolderTest, CountsThatCannotBeAreLeftOut) {
  for (const Counts& hostile :
       {Counts{UINT64_MAX, 0, 0, 0}, Counts{0, UINT64_MAX, 0, 0}, Counts{0, 0, UINT64_MAX, 0},
        Counts{0, 0, 0, INT64_MAX}, Counts{int64_t{1} << 50, 0, 0, 0}}) {
    CountsFolder folder;
    folder.Add(1010, {1, 20, 0, 32});
    folder.Add(1020, hostile);
    EXPECT_TRUE(folder.Fold(TwoSamples()).points.empty());
  }
}

TEST(CountsFolderTest, APlaceThatTheEventsDoNotHaveMakesNoSense) {
  HeapCounts counts;
  counts.points = {{{10, 2, 1}, 100, 1}};
  EXPECT_TRUE(MakeSense(counts, TwoSamples()));
  counts.points = {{{10, 3, 1}, 100, 1}};
  EXPECT_FALSE(MakeSense(counts, TwoSamples()));
  counts.points = {{{10, 2, 2}, 100, 1}};
  EXPECT_FALSE(MakeSense(counts, TwoSamples()));
  counts.points = {{{10, 2, 1}, 100, 1}, {{10, 1, 1}, 100, 1}};
  EXPECT_FALSE(MakeSense(counts, TwoSamples()));
}

}  // namespace
}  // namespace heapcrest
