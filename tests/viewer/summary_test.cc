#include "viewer/summary.h"

#include <errno.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/viewer/recording_builder.h"

namespace heapcrest {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> LinesOf(const Recording& recording) {
  std::vector<std::string> texts;
  for (const LineSummary& line : Summarize(recording).lines) {
    texts.push_back(FunctionText(recording, line) + " " + std::to_string(line.self.bytes) + " " +
                    std::to_string(line.total.bytes));
  }
  return texts;
}

TEST(SummaryTest, LinesAreRankedBySelfBytes) {
  const Recording recording = RecordingBuilder()
                                  .Sample({"main", "f"}, 10, 1)
                                  .Sample({"main", "g"}, 20, 2)
                                  .Sample({"main", "g", "f"}, 15, 3)
                                  .Build();
  EXPECT_THAT(LinesOf(recording), ElementsAre("f 25 25", "g 20 35", "main 0 45"));
}

TEST(SummaryTest, RecursionCountsOnceInTotals) {
  const Recording recording =
      RecordingBuilder().Sample({"f", "g", "f", "f"}, 10, 1).Sample({"f", "g"}, 5, 2).Build();
  EXPECT_THAT(LinesOf(recording), ElementsAre("f 10 15", "g 5 15"));
}

TEST(SummaryTest, AFunctionOnTwoBranchesCountsOnBoth) {
  const Recording recording =
      RecordingBuilder().Sample({"a", "f"}, 1, 1).Sample({"b", "f"}, 2, 2).Build();
  EXPECT_THAT(LinesOf(recording), ElementsAre("f 3 3", "b 0 2", "a 0 1"));
}

TEST(SummaryTest, TheMainProcessHasTheLargestPeakThenTheLowestPid) {
  Recording recording = RecordingBuilder(1, 30).Sample({"f"}, 10, 1).Build();
  for (const uint32_t pid : {20, 25}) {
    recording.processes.push_back(recording.processes[0]);
    recording.processes.back().pid = pid;
  }
  EXPECT_EQ(Summarize(recording).main, 1u);
  recording.processes[2].samples[0].size = 11;
  EXPECT_EQ(Summarize(recording).main, 2u);
}

TEST(SummaryTest, SaysHowProcessesEnded) {
  EXPECT_EQ(ExitText({Exit::Kind::kExited, 3}), "exit status 3");
  EXPECT_EQ(ExitText({Exit::Kind::kSignaled, 11}), "killed by SIGSEGV");
  EXPECT_EQ(ExitText({Exit::Kind::kSignaled, 9, true}), "killed by SIGKILL (out of memory)");
  EXPECT_EQ(ExitText({Exit::Kind::kSignaled, 4000}), "killed by signal 4000");
  EXPECT_EQ(ExitText({Exit::Kind::kStillRunning}), "still running");
  EXPECT_EQ(ExitText({Exit::Kind::kExeced}), "replaced by another program (exec)");
  EXPECT_EQ(ExitText({}), "unknown");
}

TEST(SummaryTest, CommandsCanBeTypedAgain) {
  Recording recording = RecordingBuilder().Build();
  Process& process = recording.processes[0];
  process.command = {"a b", "it's", "", "$HOME", "--x=1", "größe"};
  EXPECT_EQ(Summarize(recording).main_process().command, "'a b' 'it'\\''s' '' '$HOME' --x=1 größe");
  process.command = {"a\nb\tc\r'\\", std::string("\0\033\1779", 4), "ä\n"};
  EXPECT_EQ(Summarize(recording).main_process().command,
            R"($'a\nb\tc\r\'\\' $'\000\033\1779' $'ä\n')");
  process.command = {"app", "-h", ""};
  EXPECT_EQ(Summarize(recording).main_process().command, "app -h ''");
  process.command.clear();
  EXPECT_EQ(Summarize(recording).main_process().command, "/bin/app");
}

TEST(SummaryTest, WhatIsWrittenOverACommandStandsAsItIs) {
  Recording recording = RecordingBuilder().Build();
  Process& process = recording.processes[0];
  process.command = {"postgres: logical writer ", "", ""};
  EXPECT_EQ(Summarize(recording).main_process().command, "postgres: logical writer");
  process.command = {"a: b", "c"};
  EXPECT_EQ(Summarize(recording).main_process().command, "'a: b' c");
  process.command = {"a: \n"};
  EXPECT_EQ(Summarize(recording).main_process().command, R"($'a: \n')");
}

TEST(SummaryTest, SaysWhatTheRecordingLacks) {
  Recording recording = RecordingBuilder().Build();
  recording.processes[0].stop_errno = ENOSPC;
  recording.processes[0].lost_records = 1234;
  const Summary summary = Summarize(recording);
  ASSERT_EQ(summary.main_process().warnings.size(), 2u);
  EXPECT_THAT(summary.main_process().warnings[0], HasSubstr("No space left on device"));
  EXPECT_THAT(summary.main_process().warnings[1], HasSubstr("1,234 records were lost"));
}

TEST(SummaryTest, StartsCountFromTheFirstProcess) {
  Recording recording = RecordingBuilder().Build();
  recording.processes[0].start_monotonic_ns = 5'000'000'000;
  recording.processes.push_back(recording.processes[0]);
  recording.processes[1].start_monotonic_ns = 6'500'000'000;
  EXPECT_EQ(Summarize(recording).processes[1].start_seconds, 1.5);
}

TEST(SummaryTest, PlacesAreShortFilesWithLinesOrElseModules) {
  Recording recording = RecordingBuilder().Sample({"f:12"}, 1, 1).Build();
  const auto place = [&] { return PlaceText(recording, Summarize(recording).lines[0]); };
  EXPECT_EQ(place(), "app/main.cc:12");
  recording.frames[0].line = 0;
  EXPECT_EQ(place(), "app/main.cc");
  recording.frames[0].file = 0;
  EXPECT_EQ(place(), "app");
  recording.frames[0].function = recording.strings.Intern("app+0x12");
  EXPECT_EQ(place(), "") << "the name says it";
}

TEST(SummaryTest, TopLinesAndTheRestAreTheWhole) {
  for (uint64_t seed = 0; seed < 50; ++seed) {
    const Recording recording = RandomRecording(seed);
    const Summary summary = Summarize(recording);
    for (const size_t top : {size_t{0}, size_t{1}, size_t{3}, size_t{1000}}) {
      Amount sum = RestBehind(summary, top);
      for (size_t i = 0; i < std::min(top, summary.lines.size()); ++i) sum += summary.lines[i].self;
      EXPECT_EQ(sum.bytes, summary.main_process().amounts[0].bytes);
      EXPECT_EQ(sum.count_q16, summary.main_process().amounts[0].count_q16);
      EXPECT_EQ(sum.samples, summary.main_process().amounts[0].samples);
    }
  }
}

}  // namespace
}  // namespace heapcrest
