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
      for (const uint32_t i : live)
        bytes += WeightOf(process.samples[i].size, process.interval_bytes).bytes;
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
    const Recording recording = RandomRecording(seed);
    for (const Process& process : recording.processes) {
      const Oracle oracle(process);
      const Peak peak = FindPeak(process);
      ASSERT_EQ(AtPeak(peak).bytes, oracle.highest) << "seed " << seed;
      ASSERT_EQ(peak.moment.time_ns, oracle.time_ns);
      ASSERT_EQ(AtPeak(peak).samples, static_cast<int64_t>(oracle.at_peak.size()));
      std::map<uint32_t, int64_t> by_stack;
      for (const uint32_t i : oracle.at_peak) {
        const Sample& sample = process.samples[i];
        by_stack[sample.stack] += WeightOf(sample.size, process.interval_bytes).bytes;
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
      Amounts sum;
      for (const StackAmounts& entry : peak.stacks) {
        for (size_t view = 0; view < kViewCount; ++view) sum[view] += entry.amounts[view];
      }
      for (size_t view = 0; view < kViewCount; ++view) {
        EXPECT_EQ(sum[view].bytes, peak.total[view].bytes);
        EXPECT_EQ(sum[view].count_q16, peak.total[view].count_q16);
        EXPECT_EQ(sum[view].samples, peak.total[view].samples);
      }
    }
  }
}

}  // namespace
}  // namespace heapcrest
