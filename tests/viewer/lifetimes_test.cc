#include "viewer/lifetimes.h"

#include <gtest/gtest.h>

#include "tests/viewer/recording_builder.h"
#include "viewer/summary.h"

namespace heapcrest {
namespace {

constexpr uint64_t kMicrosecond = 1000, kMillisecond = 1'000'000;

const LineSummary& LineNamed(const Recording& recording, const Summary& summary,
                             const std::string& name) {
  for (const LineSummary& line : summary.lines) {
    if (FunctionText(recording, line) == name) return line;
  }
  ADD_FAILURE() << name;
  return summary.lines[0];
}

TEST(LifetimesTest, TemporaryIsWhatIsFreedWithinAMillisecond) {
  const Recording recording = RecordingBuilder()
                                  .Sample({"f"}, 100, 5, 5 + kMillisecond)
                                  .Sample({"f"}, 30, 7, 7 + kMillisecond + kMicrosecond)
                                  .Sample({"f"}, 1, 9)
                                  .Sample({"g"}, 1000, 11)
                                  .Build();
  const Summary summary = Summarize(recording);
  const LineSummary& f = LineNamed(recording, summary, "f");
  EXPECT_EQ(f.lifetimes.temporary.bytes, 100);
  EXPECT_EQ(f.lifetimes.temporary.count(), 1);
  EXPECT_EQ(f.lifetimes.temporary_seconds, 0.001);
  EXPECT_EQ(f.allocated.bytes, 131);
  const LineSummary& g = LineNamed(recording, summary, "g");
  EXPECT_EQ(g.lifetimes.temporary.bytes, 0);
  EXPECT_EQ(g.lifetimes.temporary_seconds, std::nullopt);
  EXPECT_EQ(summary.lifetimes.temporary.bytes, 100);
}

TEST(LifetimesTest, MediansAreByBytes) {
  // 60 of 100 bytes lived 3 microseconds or less, 40 of them 2 or less.
  const Recording recording = RecordingBuilder()
                                  .Sample({"f"}, 40, 0, 2 * kMicrosecond)
                                  .Sample({"f"}, 20, 0, 3 * kMicrosecond)
                                  .Sample({"f"}, 40, 0, 900 * kMicrosecond)
                                  .Build();
  EXPECT_EQ(Summarize(recording).lifetimes.temporary_seconds, 3e-6);
}

TEST(LifetimesTest, AgesAreThoseOfWhatThePeakHolds) {
  const Recording recording = RecordingBuilder()
                                  .Sample({"f"}, 10, 1 * kMillisecond)
                                  .Sample({"f"}, 60, 2 * kMillisecond)
                                  .Sample({"f"}, 90, 3 * kMillisecond, 4 * kMillisecond)
                                  .Sample({"g"}, 200, 10 * kMillisecond)
                                  .Sample({"h"}, 5, 8 * kMillisecond, 9 * kMillisecond)
                                  .Sample({"f"}, 1, 13 * kMillisecond)
                                  .Build();
  // The peak is the 13th millisecond.
  const Summary summary = Summarize(recording);
  EXPECT_EQ(LineNamed(recording, summary, "f").lifetimes.age_seconds, 0.011);
  EXPECT_EQ(LineNamed(recording, summary, "g").lifetimes.age_seconds, 0.003);
  EXPECT_EQ(LineNamed(recording, summary, "h").lifetimes.age_seconds, std::nullopt);
  EXPECT_EQ(summary.lifetimes.age_seconds, 0.003);
}

TEST(LifetimesTest, SampledBytesAreScaledAsTheViewIs) {
  // One sample of 64 bytes, which says 65,568 bytes by itself; 6,400 in 100 blocks were counted.
  RecordingBuilder builder(65536);
  builder.Sample({"f"}, 64, 1000, 2000);
  Process& process = builder.recording.processes[0];
  process.samples[0].overhead = 17;
  process.counts.points = {{{1500, 1, 0}, 8000, 100}, {{2500, 1, 1}, 0, 0}};
  process.counts.allocated_blocks = 100;
  process.counts.requested_bytes = 6400;
  const Summary summary = Summarize(builder.Build());
  EXPECT_EQ(summary.lifetimes.temporary.bytes, 6400);
  EXPECT_EQ(summary.lifetimes.temporary.count(), 100);
}

TEST(LifetimesTest, LinesAddUpToTheWhole) {
  for (uint64_t seed = 0; seed < 50; ++seed) {
    const Recording recording = RandomRecording(seed);
    const Summary summary = Summarize(recording);
    Amount sum;
    int64_t allocated = 0;
    for (const LineSummary& line : summary.lines) {
      sum += line.lifetimes.temporary;
      allocated += line.allocated.bytes;
      EXPECT_LE(line.lifetimes.temporary.bytes, line.allocated.bytes);
    }
    EXPECT_EQ(sum.bytes, summary.lifetimes.temporary.bytes);
    EXPECT_EQ(sum.samples, summary.lifetimes.temporary.samples);
    EXPECT_EQ(allocated, summary.main_process().amounts[2].bytes);
  }
}

}  // namespace
}  // namespace heapcrest
