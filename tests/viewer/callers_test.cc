#include "viewer/callers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/viewer/recording_builder.h"
#include "viewer/summary.h"

namespace heapcrest {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Of the line with the most bytes: "f 20".
std::vector<std::string> CallersOf(const Recording& recording) {
  std::vector<std::string> texts;
  const Summary summary = Summarize(recording);
  for (const Caller& caller : summary.lines[0].callers) {
    texts.push_back(CallerText(recording, caller) + " " + std::to_string(caller.bytes));
  }
  return texts;
}

TEST(CallersTest, TheChainEndsWhereNoCallerHasMoreThanHalf) {
  const Recording recording = RecordingBuilder()
                                  .Sample({"main", "a", "push", "make"}, 30, 1)
                                  .Sample({"main", "b", "push", "make"}, 31, 2)
                                  .Sample({"main", "c", "make"}, 20, 3)
                                  .Build();
  EXPECT_THAT(CallersOf(recording), ElementsAre("push 61"));
}

TEST(CallersTest, HalfIsNotMoreThanHalf) {
  const Recording recording =
      RecordingBuilder().Sample({"a", "make"}, 10, 1).Sample({"b", "make"}, 10, 2).Build();
  EXPECT_THAT(CallersOf(recording), IsEmpty());
}

TEST(CallersTest, CallersOfAPartAreSaidToBeMostOfThem) {
  const auto words = [](int64_t bytes) {
    return std::string(CalledBy({{0, 100}, {1, bytes}}, 100));
  };
  EXPECT_EQ(words(96), "called by ");
  EXPECT_EQ(words(90), "mostly called by ");
}

TEST(CallersTest, CallersThatShareALineAreSkipped) {
  const Recording recording = RecordingBuilder()
                                  .Sample({"main", "parse", "build", "a", "make"}, 30, 1)
                                  .Sample({"main", "parse", "build", "x", "b", "make"}, 30, 2)
                                  .Sample({"main", "emit", "c", "make"}, 40, 3)
                                  .Build();
  EXPECT_THAT(CallersOf(recording), ElementsAre("build 60", "parse 60", "main 60"));
  EXPECT_THAT(CallersOf(RecordingBuilder()
                            .Sample({"main", "parse", "x", "push", "make"}, 30, 1)
                            .Sample({"main", "parse", "y", "push", "make"}, 30, 2)
                            .Build()),
              ElementsAre("push 60", "parse 60", "main 60"));
}

TEST(CallersTest, SharesAreOfTheLineAndNotOfWhatIsLeft) {
  const Recording recording = RecordingBuilder()
                                  .Sample({"a", "push", "make"}, 40, 1)
                                  .Sample({"b", "push", "make"}, 20, 2)
                                  .Sample({"c", "make"}, 40, 3)
                                  .Build();
  EXPECT_THAT(CallersOf(recording), ElementsAre("push 60"));  // a: two thirds of that, 40 of 100
}

TEST(CallersTest, FourAreEnough) {
  const Recording recording =
      RecordingBuilder().Sample({"main", "a", "b", "c", "d", "make"}, 8, 1).Build();
  EXPECT_THAT(CallersOf(recording), ElementsAre("d 8", "c 8", "b 8", "a 8"));
}

TEST(CallersTest, LinesOfAFunctionAreOneCallerAndItsHeaviestIsNamed) {
  const Recording recording = RecordingBuilder()
                                  .Sample({"f:1", "make"}, 30, 1)
                                  .Sample({"f:2", "make"}, 40, 2)
                                  .Sample({"g", "make"}, 30, 3)
                                  .Build();
  EXPECT_THAT(CallersOf(recording), ElementsAre("f 70"));
  const LineSummary line = Summarize(recording).lines[0];
  EXPECT_EQ(recording.frames[line.callers[0].frame].line, 2u);
}

TEST(CallersTest, PlumbingIsSkipped) {
  const Recording recording =
      RecordingBuilder()
          .Sample({"_start", "main", "app+0x12", "0x7f00", "std::for_each<int>(int)", "each",
                   "std::vector<int>::push_back(int)", "xmalloc", "make", "std::string::reserve()"},
                  8, 1)
          .Build();
  EXPECT_THAT(CallersOf(recording), ElementsAre("each 8", "main 8"));
}

TEST(CallersTest, CallersOfAWrapperBecomeTheLine) {
  const Recording recording =
      RecordingBuilder().Sample({"main", "call", "push", "zmalloc", "malloc"}, 8, 1).Build();
  const Summary summary = Summarize(recording);
  EXPECT_EQ(FunctionText(recording, summary.lines[0]), "push");
  EXPECT_THAT(CallersOf(recording), ElementsAre("call 8", "main 8"));
}

TEST(CallersTest, RecursionIsOneCaller) {
  const Recording recording =
      RecordingBuilder().Sample({"main", "f:1", "f:2", "f:1", "make", "make:3"}, 8, 1).Build();
  EXPECT_THAT(CallersOf(recording), ElementsAre("f 8", "main 8"));
}

TEST(CallersTest, FramesThatWereLeftOutEndTheChain) {
  const Recording recording =
      RecordingBuilder().Sample({"main", "...7", "push", "make"}, 8, 1).Build();
  EXPECT_THAT(CallersOf(recording), ElementsAre("push 8"));
}

TEST(CallersTest, OnlyLinesThatHoldATenthHaveThem) {
  const Recording recording =
      RecordingBuilder().Sample({"main", "f"}, 91, 1).Sample({"main", "g"}, 9, 2).Build();
  const Summary summary = Summarize(recording);
  EXPECT_EQ(summary.lines[0].callers.size(), 1u);
  EXPECT_THAT(summary.lines[1].callers, IsEmpty());
}

TEST(CallersTest, EachHasMoreThanHalfAndNoMoreThanTheOneBefore) {
  for (uint64_t seed = 0; seed < 100; ++seed) {
    const Recording recording = RandomRecording(seed);
    for (const LineSummary& line : Summarize(recording).lines) {
      int64_t before = line.self.bytes;
      for (const Caller& caller : line.callers) {
        EXPECT_LE(caller.bytes, before);
        EXPECT_GT(caller.bytes, line.self.bytes - caller.bytes);
        before = caller.bytes;
      }
    }
  }
}

}  // namespace
}  // namespace heapcrest
