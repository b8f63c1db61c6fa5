#include "viewer/peak.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "tests/viewer/recording_builder.h"

namespace heapcrest {
namespace {

const Amount& AtPeak(const Peak& peak) { return peak.total[0]; }

TEST(PeakTest, IsWhereMostBytesAreLive) {
  const Recording recording = RecordingBuilder()
                                  .Sample({"f"}, 100, 10, 30)
                                  .Sample({"g"}, 50, 20, 60)
                                  .Sample({"h"}, 90, 40)
                                  .Build();
  const Peak peak = FindPeak(recording.processes[0]);
  EXPECT_EQ(peak.moment.time_ns, 20u);
  EXPECT_EQ(AtPeak(peak).bytes, 150);
  EXPECT_EQ(AtPeak(peak).count(), 2);
  EXPECT_EQ(peak.total[1].bytes, 90);
  EXPECT_EQ(peak.total[2].bytes, 240);
}

TEST(PeakTest, OfEqualPeaksTheLastCounts) {
  const Recording recording =
      RecordingBuilder().Sample({"f"}, 100, 10, 20).Sample({"g"}, 100, 30, 40).Build();
  const Peak peak = FindPeak(recording.processes[0]);
  EXPECT_EQ(peak.moment.time_ns, 30u);
  ASSERT_EQ(peak.stacks.size(), 2u);
  EXPECT_EQ(peak.stacks[0].amounts[0].bytes, 0);
  EXPECT_EQ(peak.stacks[1].amounts[0].bytes, 100);
}

TEST(PeakTest, OfASpanIsTheHighestInItAndWhatIsLiveAtItsStart) {
  const Recording recording = RecordingBuilder()
                                  .Sample({"f"}, 100, 10, 20)
                                  .Sample({"g"}, 50, 30, 60)
                                  .Sample({"h"}, 20, 40, 50)
                                  .Sample({"i"}, 90, 70)
                                  .Build();
  const Process& process = recording.processes[0];
  const auto at_peak = [&](uint64_t from, uint64_t to) {
    return AtPeak(FindPeak(process, {from, to})).bytes;
  };
  EXPECT_EQ(FindPeak(process, {35, 65}).moment.time_ns, 40u);
  EXPECT_EQ(at_peak(35, 65), 70);
  EXPECT_EQ(at_peak(35, 35), 50);
  EXPECT_EQ(at_peak(15, 65), 100);
  EXPECT_EQ(at_peak(61, 65), 0);
  EXPECT_EQ(at_peak(80, 90), 90);
  EXPECT_EQ(at_peak(0, UINT64_MAX), 100);
}

TEST(PeakTest, ABlockReplacedInOneClockTickIsNotCountedTwice) {
  const Recording recording =
      RecordingBuilder().Sample({"f"}, 100, 10, 20).Sample({"g"}, 100, 20).Build();
  EXPECT_EQ(AtPeak(FindPeak(recording.processes[0])).bytes, 100);
}

TEST(PeakTest, ABlockThatLivesNoTimeCountsAtItsMoment) {
  const Recording recording = RecordingBuilder().Sample({"f"}, 100, 10, 10).Build();
  const Peak peak = FindPeak(recording.processes[0]);
  EXPECT_EQ(AtPeak(peak).bytes, 100);
  EXPECT_EQ(peak.total[1].bytes, 0);
}

TEST(PeakTest, AnEmptyProcessHasNone) {
  const Peak peak = FindPeak(RecordingBuilder().Build().processes[0]);
  EXPECT_EQ(AtPeak(peak).bytes, 0);
  EXPECT_EQ(peak.moment.time_ns, 0u);
  EXPECT_TRUE(peak.stacks.empty());
}

// Many small blocks take more of the heap than one large one of which more was requested.
TEST(PeakTest, IsWhereMostWasRequestedNotWhereBlocksTookMost) {
  RecordingBuilder builder(65536);
  builder.Sample({"f"}, 100'000, 1000, 2000).Sample({"g"}, 64, 3000);
  Process& process = builder.recording.processes[0];
  for (Sample& sample : process.samples) sample.overhead = 17;
  process.counts.points = {{{1500, 1, 0}, 100'016, 1}, {{4000, 2, 1}, 104'000, 1300}};
  process.counts.allocated_blocks = 1301;
  process.counts.requested_bytes = 100'000 + 1300 * 64;
  EXPECT_EQ(FindPeak(process).moment.time_ns, 1500u);
  EXPECT_EQ(AtPeak(FindPeak(process)).bytes, 100'000);
}

double ErrorAtEnd(Exit exit, int64_t end_block_bytes) {
  RecordingBuilder builder(65536);
  builder.Sample({"f"}, 64, 1000).Sample({"f"}, 64, 2000, 3000);
  Process& process = builder.recording.processes[0];
  process.exit = exit;
  for (Sample& sample : process.samples) sample.overhead = 17;
  process.counts.points = {{{2500, 2, 0}, 240'000, 3000},
                           {{4000, 2, 1}, end_block_bytes, end_block_bytes / 80}};
  process.counts.allocated_blocks = 3000;
  process.counts.requested_bytes = 192'000;
  const Peak peak = FindPeak(process);
  return HalfWidth95(peak.total[1], peak.precision[1]);
}

TEST(PeakTest, WhatThreadsOfAKilledProcessHadNotSaidIsPartOfTheError) {
  EXPECT_NEAR(ErrorAtEnd({Exit::Kind::kExited, 0}, 80'000), 0, 0.01);  // weights are rounded
  // A step is 4,096 bytes here; half of it is a standard deviation. Far below the peak threads may
  // keep four of them to themselves, near it what is left of half the way.
  EXPECT_NEAR(ErrorAtEnd({Exit::Kind::kSignaled, 9}, 80'000), 1.96 * 4 * 4096 / 2, 1e-6);
  EXPECT_NEAR(ErrorAtEnd({Exit::Kind::kUnknown, 0}, 236'000), 1.96 * (4096 + 2000) / 2, 1e-6);
}

// The obvious way, a multiset of what is live after each event, against ours.
struct Oracle {
  explicit Oracle(const Process& process) {
    EventOrder order(process);
    std::set<uint32_t> live;
    for (Event event; order.Next(&event);) {
      if (event.is_free) {
        live.erase(event.sample);
        continue;
      }
      live.insert(event.sample);
      int64_t bytes = 0;
      for (const uint32_t i : live) bytes += WeightOf(process.samples[i], process).bytes;
      if (bytes < highest) continue;
      highest = bytes;
      time_ns = process.samples[event.sample].allocated_ns;
      at_peak = live;
    }
  }
  int64_t highest = 0;
  uint64_t time_ns = 0;
  std::set<uint32_t> at_peak;
};

TEST(PeakTest, AgreesWithBruteForce) {
  for (uint64_t seed = 0; seed < 200; ++seed) {
    Recording recording = RandomRecording(seed);
    for (Process& process : recording.processes) {
      process.counts = {};
      const Oracle oracle(process);
      const Peak peak = FindPeak(process);
      ASSERT_EQ(AtPeak(peak).bytes, oracle.highest) << "seed " << seed;
      ASSERT_EQ(peak.moment.time_ns, oracle.time_ns);
      ASSERT_EQ(AtPeak(peak).samples, static_cast<int64_t>(oracle.at_peak.size()));
      std::map<uint32_t, int64_t> by_stack;
      for (const uint32_t i : oracle.at_peak) {
        const Sample& sample = process.samples[i];
        by_stack[sample.stack] += WeightOf(sample, process).bytes;
      }
      for (const StackAmounts& entry : peak.stacks) {
        EXPECT_EQ(entry.amounts[0].bytes, by_stack[entry.stack]);
      }
    }
  }
}

TEST(PeakTest, StacksAddUpToTheTotalInEveryView) {
  for (uint64_t seed = 0; seed < 50; ++seed) {
    const Recording recording = RandomRecording(seed);
    for (const Process& process : recording.processes) {
      const Peak peak = FindPeak(process);
      Amounts sum = peak.not_sampled;
      for (const StackAmounts& entry : peak.stacks) {
        for (size_t view = 0; view < kViewCount; ++view) sum[view] += entry.amounts[view];
      }
      for (size_t view = 0; view < kViewCount; ++view) {
        EXPECT_EQ(sum[view].bytes, peak.total[view].bytes);
        EXPECT_EQ(sum[view].count_q16, peak.total[view].count_q16);
        EXPECT_EQ(sum[view].samples, peak.total[view].samples);
        EXPECT_EQ(sum[view].overhead, peak.total[view].overhead);
      }
    }
  }
}

// A thousand blocks of 28 bytes, of which two were sampled, and one of 100,000.
Recording Counted() {
  Recording recording = RecordingBuilder(65536)
                            .Sample({"small"}, 28, 10, 50)
                            .Sample({"large"}, 100'000, 20)
                            .Sample({"small"}, 28, 30, 60)
                            .Build();
  Process& process = recording.processes[0];
  for (Sample& sample : process.samples) sample.overhead = sample.size == 28 ? 21 : 17;
  process.counts.allocated_blocks = 1001;
  process.counts.requested_bytes = 128'000;
  process.counts.points = {
      {{15, 1, 0}, 10'000, 200}, {{35, 3, 0}, 48'000 + 100'016, 1001}, {{70, 3, 2}, 100'016, 1}};
  return recording;
}

TEST(PeakTest, IsWhereTheCountsSayAndHoldsWhatTheySay) {
  const Recording recording = Counted();
  const Peak peak = FindPeak(recording.processes[0]);
  EXPECT_EQ(peak.moment.time_ns, 35u);
  EXPECT_EQ(AtPeak(peak).count(), 1001);
  EXPECT_EQ(AtPeak(peak).bytes + AtPeak(peak).overhead, 148'016);
  EXPECT_NEAR(static_cast<double>(AtPeak(peak).bytes), 128'000, 5);
  EXPECT_EQ(peak.total[1].bytes, 100'000);
  EXPECT_EQ(peak.total[1].count(), 1);
  EXPECT_EQ(peak.total[2].bytes, 128'000);
  EXPECT_EQ(peak.total[2].count(), 1001);
  EXPECT_LT(HalfWidth95(AtPeak(peak), peak.precision[0]), 4100);
}

TEST(PeakTest, WhatWasCountedAndNotSampledIsSaidToBe) {
  Recording recording = Counted();
  Process& process = recording.processes[0];
  process.counts.points[2].block_bytes += 320;
  process.counts.points[2].blocks += 10;
  const Peak peak = FindPeak(process);
  EXPECT_EQ(peak.not_sampled[0].bytes, 0);
  EXPECT_EQ(peak.not_sampled[1].count(), 10);
  EXPECT_EQ(peak.not_sampled[1].bytes + peak.not_sampled[1].overhead, 320);
  EXPECT_NEAR(static_cast<double>(peak.not_sampled[1].bytes), 120, 1);  // 20 more for each
  EXPECT_EQ(peak.total[1].bytes, 100'000 + peak.not_sampled[1].bytes);
}

}  // namespace
}  // namespace heapcrest
