#include "viewer/hints.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/viewer/recording_builder.h"
#include "viewer/summary_json.h"
#include "viewer/summary_markdown.h"
#include "viewer/summary_text.h"

namespace heapcrest {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

std::vector<std::string> HintsOf(const Recording& recording) {
  return HintTexts(recording, Summarize(recording));
}

// Most of the 10 MB at its peak comes from functions without a name.
Recording Stripped() {
  return RecordingBuilder()
      .Sample({"main", "app+0x12a0:0"}, 9'000'000, 1)
      .Sample({"main", "Named"}, 1'000'000, 2)
      .Build();
}

// Holds 1 MB of heap and 29 MB of other memory.
Recording Mapped(const char* executable) {
  Recording recording = RecordingBuilder().Sample({"main"}, 1'000'000, 1).Build();
  Process& process = recording.processes[0];
  process.executable = executable;
  process.resident.most.emplace();
  process.resident.most->time_ns = 2;
  process.resident.most->heaps = 1'000'000;
  process.resident.most->anonymous = 29'000'000;
  return recording;
}

TEST(HintsTest, WithoutNeedThereAreNone) {
  EXPECT_THAT(HintsOf(RecordingBuilder().Sample({"main", "Grow"}, 100'000'000, 1).Build()),
              IsEmpty());
  EXPECT_THAT(HintsOf(RecordingBuilder().Build()), IsEmpty());
}

TEST(HintsTest, ManyNamelessFunctionsAskForSymbols) {
  EXPECT_THAT(
      HintsOf(Stripped()),
      ElementsAre(AllOf(StartsWith("90.0 % of the peak is in functions of app whose names "),
                        HasSubstr("-dbgsym"))));
}

TEST(HintsTest, NumbersInObjectsAreNamed) {
  const auto held = [](const char* type, int64_t bytes) {
    return HintsOf(RecordingBuilder()
                       .Sample({"main", "f:1", type}, bytes, 1)
                       .Sample({"main", "f:1", type}, bytes + 1, 2)
                       .Sample({"main", "f:1"}, 8'000'000, 3)
                       .Build());
  };
  EXPECT_THAT(held("type float", 1'200'000),
              ElementsAre("2.4 MB of the peak is 2 × float, 1.2 MB for each number, and a list of "
                          "them 8 B more; an array (array.array, NumPy) holds them in 16 B"));
  EXPECT_THAT(held("type int", 1'000'001), ElementsAre(HasSubstr("2 × int")));
  EXPECT_THAT(held("type int", 900'000), IsEmpty());  // less than a fifth
  EXPECT_THAT(held("type str", 4'000'000), IsEmpty());
}

TEST(HintsTest, AFewNamelessFunctionsAreLeftAlone) {
  const Recording recording = RecordingBuilder()
                                  .Sample({"main", "app+0x12a0:0"}, 2'000'000, 1)
                                  .Sample({"main", "Named"}, 8'000'000, 2)
                                  .Build();
  EXPECT_THAT(HintsOf(recording), IsEmpty());
  EXPECT_THAT(HintsOf(RecordingBuilder().Sample({"app+0x12a0:0"}, 900'000, 1).Build()), IsEmpty());
}

TEST(HintsTest, MemoryThatDidNotComeThroughMallocIsSaidToBeInNoLine) {
  EXPECT_THAT(HintsOf(Mapped("/bin/app")),
              ElementsAre("29.0 MB of the RAM came from mappings that the program made itself, not "
                          "from malloc: no line shows them"));
  EXPECT_THAT(HintsOf(Mapped("/usr/bin/php8.2")), ElementsAre(HasSubstr("USE_ZEND_ALLOC=0")));
}

TEST(HintsTest, WhereNothingWasRecordedMappingsMayBeAnyones) {
  Recording recording = Mapped("/bin/app");
  recording.processes[0].samples.clear();
  EXPECT_THAT(HintsOf(recording), IsEmpty());
}

TEST(HintsTest, MemoryOfAnotherProcessIsSaidToBeItsOwn) {
  Recording recording = Mapped("/usr/bin/node");
  recording.processes.push_back(
      RecordingBuilder().Sample({"main"}, 2'000'000, 1).Build().processes[0]);
  recording.processes[1].pid = 50;
  EXPECT_THAT(HintsOf(recording),
              ElementsAre(StartsWith("29.0 MB of the RAM of app --fast (pid 42) came from")));
}

TEST(HintsTest, MemoryOfAForkedChildIsItsParents) {
  Recording recording = Mapped("/bin/app");
  recording.processes[0].pid = 50;
  recording.processes[0].parent_pid = 42;
  EXPECT_FALSE(HintsOf(recording).empty());
  recording.processes.push_back(
      RecordingBuilder().Sample({"main"}, 2'000'000, 1).Build().processes[0]);
  recording.processes[1].executable = "/bin/sh";
  EXPECT_FALSE(HintsOf(recording).empty());
  recording.processes[1].executable = "/bin/app";
  EXPECT_THAT(HintsOf(recording), IsEmpty());
}

TEST(HintsTest, HeapsOfAnotherAllocatorAreNoMappingsOfTheProgram) {
  Recording recording = RecordingBuilder().Sample({"main"}, 20'000'000, 1).Build();
  Process& process = recording.processes[0];
  process.samples[0].size = 100;  // of small blocks, that is
  for (int i = 0; i < 200'000; ++i) process.samples.push_back(process.samples[0]);
  process.resident.most.emplace();
  process.resident.most->time_ns = 2;
  process.resident.most->anonymous = 70'000'000;
  EXPECT_THAT(HintsOf(recording), IsEmpty());
}

TEST(HintsTest, SourceLinesShowThatThereIsDebugInformation) {
  Recording recording = Stripped();
  for (Frame& frame : recording.frames) frame.line = 8;
  EXPECT_THAT(HintsOf(recording), IsEmpty());
}

TEST(HintsTest, EveryOutputHasThem) {
  const Recording recording = Stripped();
  const Summary summary = Summarize(recording);
  const std::string hint = HintsOf(recording).at(0);
  EXPECT_THAT(SummaryText(recording, summary, 3), HasSubstr("Hint:      " + hint + "\n"));
  EXPECT_THAT(SummaryMarkdown(recording, summary, 3),
              HasSubstr("of app whose names were stripped"));
  EXPECT_THAT(SummaryJson(recording, summary, 3), HasSubstr("\"" + hint + "\""));
}

}  // namespace
}  // namespace heapcrest
