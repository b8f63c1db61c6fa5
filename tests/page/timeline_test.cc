#include "viewer/report/timeline.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/page/shapes.h"

namespace heapcrest {
namespace {

int64_t Highest(const Timeline& timeline) {
  int64_t highest = 0;
  for (const TimeCell& cell : timeline.cells) highest = std::max(highest, cell.highest_bytes);
  return highest;
}

Timeline TimelineOf(const Process& process) { return MakeTimeline(process, FindPeak(process)); }

Process ProcessOf(std::vector<Sample> samples, uint64_t duration_ns) {
  Process process;
  process.interval_bytes = 1;
  process.duration_ns = duration_ns;
  process.stacks.push_back({});
  process.samples = std::move(samples);
  return process;
}

TEST(TimelineTest, TheHighestCellIsThePeak) {
  const Recording recording = LargeRecording(20'000, 100);
  const Process& process = recording.processes[0];
  EXPECT_EQ(Highest(TimelineOf(process)), FindPeak(process).total[0].bytes);
}

TEST(TimelineTest, ASpikeShorterThanACellIsNotLost) {
  std::vector<Sample> samples;
  for (uint64_t i = 0; i < 1000; ++i) samples.push_back({10, i * 1000, kStillLive, 0, 0});
  samples.insert(samples.begin() + 500, {1'000'000, 499'001, 499'002, 0, 0});
  EXPECT_EQ(Highest(TimelineOf(ProcessOf(samples, 1'000'000))), 1'000'000 + 5000);
}

TEST(TimelineTest, ADipShorterThanACellIsNotLost) {
  std::vector<Sample> samples = {{1'000'000, 0, 500'000, 0, 0}};
  for (uint64_t i = 0; i < 1000; ++i) samples.push_back({1, i * 1000, kStillLive, 0, 0});
  samples.insert(samples.begin() + 501, {1'000'000, 500'001, kStillLive, 0, 0});
  std::sort(samples.begin(), samples.end(),
            [](const Sample& a, const Sample& b) { return a.allocated_ns < b.allocated_ns; });
  const Timeline timeline = TimelineOf(ProcessOf(samples, 1'000'000));
  const auto dips = std::count_if(timeline.cells.begin(), timeline.cells.end(),
                                  [](const TimeCell& cell) { return cell.lowest_bytes < 10'000; });
  EXPECT_GE(dips, 1);
  EXPECT_GT(timeline.cells[400].highest_bytes, 1'000'000);
}

TEST(TimelineTest, CellsWithoutEventsKeepWhatWasLive) {
  const Timeline timeline = TimelineOf(ProcessOf({{100, 0, kStillLive, 0, 0}}, 1'000'000));
  for (const TimeCell& cell : timeline.cells) EXPECT_EQ(cell.highest_bytes, 100);
}

TEST(TimelineTest, MomentsComeInOrderAndHoldThePeakAtEveryResolution) {
  const Recording recording = LargeRecording(20'000, 100);
  const Process& process = recording.processes[0];
  const Moment peak = FindPeak(process).moment;
  for (const size_t stride : {1, 2, 5, 30}) {
    const std::vector<PickedMoment> moments = MomentsOf(TimelineOf(process), stride);
    EXPECT_TRUE(std::is_sorted(moments.begin(), moments.end(),
                               [](const PickedMoment& a, const PickedMoment& b) {
                                 return a.at.allocations < b.at.allocations;
                               }));
    EXPECT_TRUE(std::any_of(moments.begin(), moments.end(), [&](const PickedMoment& m) {
      return m.at.allocations == peak.allocations && m.at.frees == peak.frees;
    }));
    EXPECT_EQ(moments.back().at.allocations, process.samples.size());
  }
}

// Looks are short and many; the walk through the mappings is the one that the words are of.
TEST(TimelineTest, ResidentMemoryPeaksWhereItsKindsWereSeen) {
  Process process =
      ProcessOf({{100, 0, kStillLive, 0, 0}, {50, 700'000, 720'000, 0, 0}}, 1'000'000);
  process.resident.points = {{100'000, 5000}, {690'000, 9500}, {720'000, 8000}};
  process.resident.most = {.time_ns = 710'000, .anonymous = 9000};
  const Timeline timeline = TimelineOf(process);
  EXPECT_EQ(*std::max_element(timeline.resident.begin(), timeline.resident.end()), 9000);
  EXPECT_EQ(timeline.resident[710 * timeline.cells.size() / 1000], 9000);
  const std::vector<PickedMoment> moments = MomentsOf(timeline, 30);
  const auto most = std::find_if(moments.begin(), moments.end(), [](const PickedMoment& moment) {
    return moment.at.time_ns == 710'000;
  });
  ASSERT_NE(most, moments.end());
  EXPECT_EQ(most->at.allocations, 2);
  EXPECT_EQ(most->at.frees, 0);
  EXPECT_TRUE(std::is_sorted(moments.begin(), moments.end(),
                             [](const PickedMoment& a, const PickedMoment& b) {
                               return a.at.allocations < b.at.allocations;
                             }));
}

TEST(TimelineTest, HostileTimesStayInside) {
  const Timeline timeline = TimelineOf(
      ProcessOf({{8, 0, UINT64_MAX - 1, 0, 0}, {8, UINT64_MAX - 2, kStillLive, 0, 0}}, 5));
  EXPECT_EQ(Highest(timeline), 16);
}

}  // namespace
}  // namespace heapcrest
