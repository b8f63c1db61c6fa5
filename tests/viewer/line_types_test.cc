#include "viewer/line_types.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/viewer/recording_builder.h"
#include "viewer/folded.h"
#include "viewer/peak.h"
#include "viewer/summary.h"

namespace heapcrest {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// As "name bytes count".
std::vector<std::string> Texts(const Recording& recording, const std::vector<TypeHeld>& types) {
  std::vector<std::string> texts;
  for (const TypeHeld& type : types) {
    texts.push_back(FunctionText(recording, type.frame) + " " + std::to_string(type.held.bytes) +
                    " " + std::to_string(type.held.count()));
  }
  return texts;
}

Recording TwoLines() {
  return RecordingBuilder()
      .Sample({"main", "f:1", "type int"}, 32, 1)
      .Sample({"main", "f:1", "type int"}, 32, 2)
      .Sample({"main", "f:1", "type str"}, 100, 3)
      .Sample({"main", "f:1"}, 1000, 4)
      .Sample({"main", "f:2", "type int"}, 36, 5)
      .Sample({"main", "f:2", "type int"}, 99, 6, 7)
      .Build();
}

TEST(LineTypesTest, EachLineHasTheTypesOfItsObjectsAtThePeak) {
  const Recording recording = TwoLines();
  const Summary summary = Summarize(recording);
  ASSERT_EQ(summary.lines[0].self.bytes, 1164);
  EXPECT_THAT(Texts(recording, summary.lines[0].types), ElementsAre("str 100 1", "int 64 2"));
  ASSERT_EQ(summary.lines[1].self.bytes, 135);
  EXPECT_THAT(Texts(recording, summary.lines[1].types), ElementsAre("int 135 2"));
  EXPECT_THAT(Texts(recording, summary.types), ElementsAre("int 199 4", "str 100 1"));
}

TEST(LineTypesTest, TypeIsNoLine) {
  const Recording recording = TwoLines();
  for (const LineSummary& line : Summarize(recording).lines) {
    EXPECT_NE(PlaceText(recording, line), "") << FunctionText(recording, line);
    EXPECT_EQ(PlaceText(recording, line).substr(0, 3), "app") << FunctionText(recording, line);
  }
}

TEST(LineTypesTest, AllocatorAboveTheTypeIsFolded) {
  const Recording recording = RecordingBuilder()
                                  .Sample({"main", "f", "malloc", "type int"}, 32, 1)
                                  .Sample({"main", "f", "malloc", "type malloc"}, 8, 2)
                                  .Build();
  const Process& process = recording.processes[0];
  const CallTree tree = BuildCallTree(recording, process, FindPeak(process));
  EXPECT_EQ(FoldedStacks(recording, tree, View::kPeak), "main;f;int 32\nmain;f;malloc 8\n");
}

TEST(LineTypesTest, LibraryAboveTheTypeGivesItsCreditToItsCaller) {
  const Recording recording =
      RecordingBuilder().Sample({"main", "f:1", "std::vector::grow", "type int"}, 32, 1).Build();
  const Summary summary = Summarize(recording);
  EXPECT_EQ(FunctionText(recording, summary.lines[0]), "f");
  EXPECT_THAT(Texts(recording, summary.lines[0].types), ElementsAre("int 32 1"));
}

TEST(LineTypesTest, TypeOfALostStackStandsForItself) {
  const Recording recording = RecordingBuilder().Sample({"type int"}, 32, 1).Build();
  const Summary summary = Summarize(recording);
  EXPECT_EQ(summary.lines[0].self.bytes, 32);
  EXPECT_THAT(Texts(recording, summary.types), ElementsAre("int 32 1"));
}

TEST(LineTypesTest, ProgramWithoutPythonHasNone) {
  const Recording recording = RecordingBuilder().Sample({"main", "f"}, 32, 1).Build();
  const Summary summary = Summarize(recording);
  EXPECT_THAT(summary.types, IsEmpty());
  EXPECT_THAT(summary.lines[0].types, IsEmpty());
}

}  // namespace
}  // namespace heapcrest
