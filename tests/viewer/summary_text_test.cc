#include "viewer/summary_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/viewer/recording_builder.h"

namespace heapcrest {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string TextOf(const Recording& recording, size_t top = 10) {
  return SummaryText(recording, Summarize(recording), top);
}

Recording Boxed() {
  RecordingBuilder builder;
  builder.Sample({"main", "MakeBoxes:12"}, 28'000'000, 200'000'000)
      .Sample({"main", "Grow:30"}, 8'000'000, 214'000'000, 300'000'000)
      .Sample({"main", "small:1"}, 1000, 1)
      .Sample({"main", "small:2"}, 500, 2);
  builder.recording.processes[0].duration_ns = 350'000'000;
  return builder.Build();
}

TEST(SummaryTextTest, ReadsLikeThis) {
  EXPECT_EQ(
      TextOf(Boxed(), 2),
      "app --fast (pid 42)\n"
      "Peak:      36.0 MB live in 4 allocations, 0.214 s after the start\n"
      "Overhead:  malloc adds 3.9 kB, on average 965 B to each allocation of 9.0 MB\n"
      "End:       28.0 MB live in 3 allocations; exit status 0 after 0.350 s\n"
      "In total:  36.0 MB in 4 allocations\n"
      "Recorded:  every allocation, exactly\n"
      "Growth:    36.0 MB of the peak came in the last 14.0 ms before it: 28.0 MB in MakeBoxes "
      "app/main.cc:12, 8.0 MB in Grow app/main.cc:30\n"
      "\n"
      "Live at the peak, by the line that allocated it:\n"
      "     bytes    share           ±  allocations      each  malloc adds  line\n"
      "   28.0 MB   77.8 %       exact            1   28.0 MB        256 B  MakeBoxes  "
      "app/main.cc:12\n"
      "          called by main; 14.0 ms old at the peak (median)\n"
      "    8.0 MB   22.2 %       exact            1    8.0 MB       3.6 kB  Grow  app/main.cc:30\n"
      "          called by main; just allocated\n"
      "    1.5 kB    0.0 %       exact            2     750 B         20 B  all other lines\n"
      "\n"
      "Live at the end: 28.0 MB, 77.8 % of the peak:\n"
      "  28.0 MB in 1 allocation: MakeBoxes app/main.cc:12\n");
}

TEST(SummaryTextTest, ResidentMemoryIsASum) {
  Recording recording = Boxed();
  recording.processes[0].resident.most = ResidentKinds{220'000'000, 40'000'000, 0, 16'384, 0, 0};
  EXPECT_THAT(
      TextOf(recording),
      HasSubstr("\nResident:  40.0 MB of RAM, 0.220 s after the start = 36.0 MB requested + "
                "3.9 kB added by malloc\n           + 4.0 MB kept free by malloc + 16.4 kB "
                "stacks\n"));
}

TEST(SummaryTextTest, CopiesAreNamed) {
  const Recording recording = RecordingBuilder()
                                  .Sample({"push:3"}, 200'000, 3'000'000, 6'100'000)
                                  .Sample({"push:3"}, 400'000, 5'000'000)
                                  .Build();
  EXPECT_THAT(
      TextOf(recording),
      HasSubstr("\nCopying:   200.0 kB of the peak is an old block beside its copy of 400.0 "
                "kB, for 1.1 ms, in push app/main.cc:3\n"));
}

TEST(SummaryTextTest, WhatIsLeftAtTheEndIsSaidWhereItIsMuchAndNotThePeak) {
  const auto with = [](uint64_t left) {
    RecordingBuilder builder;
    builder.Sample({"work"}, 8'000'000, 1, 10'000'000).Sample({"leak:7"}, left, 2'000'000);
    return TextOf(builder.Build());
  };
  EXPECT_THAT(with(2'000'000), HasSubstr("\nLive at the end: 2.0 MB, 20.0 % of the peak:\n"
                                         "  2.0 MB in 1 allocation: leak app/main.cc:7\n"));
  EXPECT_THAT(with(900'000), Not(HasSubstr("Live at the end")));
  RecordingBuilder all;
  all.Sample({"work"}, 8'000'000, 1);
  EXPECT_THAT(TextOf(all.Build()), Not(HasSubstr("Live at the end")));
}

TEST(SummaryTextTest, WhatIsFreedAgainAtOnceIsSaidWhereItIsMuch) {
  RecordingBuilder builder;
  builder.Sample({"keep"}, 1000, 1)
      .Sample({"parse:9"}, 300, 2000, 14'000)
      .Sample({"parse:9"}, 300, 20'000, 32'000)
      .Sample({"print:4"}, 20, 40'000, 40'000);
  EXPECT_THAT(TextOf(builder.Build()),
              HasSubstr("\nFreed again within 1.0 ms: 620 B, 38.3 % of all that was allocated:\n"
                        "  600 B in 2 allocations, freed after 12 µs: parse app/main.cc:9\n"));
  RecordingBuilder little;
  little.Sample({"keep"}, 1000, 1).Sample({"parse:9"}, 100, 2000, 14'000);
  EXPECT_THAT(TextOf(little.Build()), Not(HasSubstr("Freed again")));
}

TEST(SummaryTextTest, CallersStandBelowTheirLine) {
  const Recording recording =
      RecordingBuilder().Sample({"main", "call()", "void push<int>(int)", "make"}, 8, 1).Build();
  EXPECT_THAT(TextOf(recording),
              HasSubstr("  make  app/main.cc:7\n"
                        "          called by push<int> <- call <- main; just allocated\n"));
}

TEST(SummaryTextTest, TypesStandBelowTheirLine) {
  RecordingBuilder builder;
  for (uint64_t i = 0; i < 1000; ++i) builder.Sample({"f:12", "type int"}, 32, i);
  builder.Sample({"f:12", "type \x1b[1m"}, 8000, 1000).Sample({"f:12", "type rare"}, 1, 1000);
  builder.Sample({"f:12"}, 9000, 1000);
  const std::string text = TextOf(builder.Build());
  EXPECT_THAT(text, HasSubstr("  f  app/main.cc:12\n"
                              "          1,000 × int, 32.0 kB; 1 × "));
  EXPECT_THAT(text, Not(HasSubstr("rare"))) << "a twentieth of the line, or more";
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
}

TEST(SummaryTextTest, SampledFiguresHaveErrorBars) {
  const Recording recording = RecordingBuilder(65536).Sample({"main"}, 28, 1).Build();
  // 28 / P = 65,550; 1.96 * sqrt(1 - P) * 65,550 = 128,451.
  EXPECT_THAT(TextOf(recording),
              HasSubstr("65.5 kB  100.0 %   ±128.5 kB        2,341      28 B      46.8 kB  main"));
  EXPECT_THAT(TextOf(recording), HasSubstr("1 sample, one for every 65.5 kB allocated on average"));
}

TEST(SummaryTextTest, SaysHowFineItsSamplesWere) {
  Recording recording =
      RecordingBuilder(65536).Sample({"main"}, 28, 1).Sample({"main"}, 28, 2).Build();
  recording.processes[0].samples[0].finer = 4;
  EXPECT_THAT(TextOf(recording),
              HasSubstr("2 samples, one for every 4.1 kB allocated at first, every 65.5 kB later"));
  recording.processes[0].samples[1].finer = 4;
  EXPECT_THAT(TextOf(recording), HasSubstr("2 samples, one for every 4.1 kB allocated on average"));
}

// Of a block larger than the interval nothing is estimated, but smaller ones may be on its line
// too.
TEST(SummaryTextTest, OnlyWhereAllWasRecordedAFigureIsExact) {
  const auto text = [](uint64_t interval) {
    return TextOf(RecordingBuilder(interval).Sample({"main"}, 1'000'000, 1).Build());
  };
  EXPECT_THAT(text(1), HasSubstr("100.0 %       exact            1"));
  EXPECT_THAT(text(65536), HasSubstr("100.0 %     ≈ exact            1"));
}

TEST(SummaryTextTest, ARestOfOneRowIsOnlyThereIfThereIsARest) {
  EXPECT_THAT(TextOf(Boxed(), 10), Not(HasSubstr("all other lines")));
  EXPECT_THAT(TextOf(Boxed(), 10), Not(HasSubstr("  main  ")));  // holds nothing itself
}

TEST(SummaryTextTest, AnEmptyRecordingSaysSo) {
  const std::string text = TextOf(RecordingBuilder().Build());
  EXPECT_THAT(text, HasSubstr("No allocation was recorded."));
  EXPECT_THAT(text, Not(HasSubstr("Live at the peak")));
}

TEST(SummaryTextTest, WarningsAndOtherProcessesAreNamed) {
  Recording recording = Boxed();
  recording.warnings.emplace_back("x.capture: byte 7: is cut short");
  recording.processes[0].lost_records = 3;
  for (uint32_t pid = 50; pid < 55; ++pid) {
    recording.processes.push_back(recording.processes[0]);
    recording.processes.back().pid = pid;
    recording.processes.back().samples.resize(2);
  }
  const std::string text = TextOf(recording);
  EXPECT_THAT(text, HasSubstr("Warning:   x.capture: byte 7: is cut short\n"));
  EXPECT_THAT(text, HasSubstr("Warning:   3 records were lost"));
  EXPECT_THAT(text, HasSubstr("Others:    1.5 kB at the peak of app --fast (pid 50)\n"));
  EXPECT_THAT(text, HasSubstr("           and 2 more processes\n"));
}

TEST(SummaryTextTest, OtherProcessesHaveErrorBarsToo) {
  Recording recording = RecordingBuilder(65536).Sample({"main"}, 28, 1).Build();
  recording.processes.push_back(recording.processes[0]);
  recording.processes.back().pid = 50;
  EXPECT_THAT(TextOf(recording), HasSubstr("Others:    65.5 kB ±128.5 kB at the peak of app"));
}

TEST(SummaryTextTest, OthersThatHeldNothingAreCounted) {
  Recording recording = Boxed();
  recording.processes.push_back(recording.processes[0]);
  recording.processes.back().samples.clear();
  EXPECT_THAT(TextOf(recording), HasSubstr("\nOthers:    1 more process\n"));
}

TEST(SummaryTextTest, ANewlineInACommandIsShownAsAShellTakesIt) {
  Recording recording = RecordingBuilder().Sample({"f"}, 8, 1).Build();
  recording.processes[0].command = {"sh", "-c", "l=1\nexit"};
  EXPECT_THAT(TextOf(recording), StartsWith("sh -c $'l=1\\nexit' (pid 42)\n"));
}

TEST(SummaryTextTest, TheFolderOfALongCommandGivesWayFirst) {
  Recording recording = RecordingBuilder().Sample({"f"}, 8, 1).Build();
  recording.processes[0].command = {"/usr/lib/gcc/cc1plus", std::string(200, 'x')};
  EXPECT_THAT(TextOf(recording), StartsWith("cc1plus xxx"));
  recording.processes[0].command = {"cc1plus", "-o" + std::string(90, 'x'), "/usr/lib/a.o"};
  EXPECT_THAT(TextOf(recording), StartsWith("cc1plus -oxx"));
  recording.processes[0].command = {"/usr/lib/gcc/cc1plus", "-c"};
  EXPECT_THAT(TextOf(recording), StartsWith("/usr/lib/gcc/cc1plus -c (pid"));
}

TEST(SummaryTextTest, NoControlCharacterReachesTheTerminal) {
  Recording recording =
      RecordingBuilder().Sample({"\x1b]0;owned\x07\nfake line 99 %"}, 8, 1).Build();
  recording.processes[0].command = {"\x1b[2J"};
  recording.warnings.emplace_back("\x1b[1m");
  for (const char c : TextOf(recording))
    EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= ' ');
}

TEST(SummaryTextTest, HugeNamesStayOnALine) {
  const Recording recording = RecordingBuilder().Sample({std::string(100'000, 'x')}, 8, 1).Build();
  EXPECT_LT(TextOf(recording).size(), 2000u);
}

}  // namespace
}  // namespace heapcrest
