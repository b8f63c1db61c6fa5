#include "viewer/command/captures_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/launch/scratch_folder.h"

namespace heapcrest {
namespace {

using ::testing::HasSubstr;

TEST(CapturesFolderTest, IsMadeAndRemoved) {
  const ScratchFolder scratch;
  const auto made = MakeCapturesFolder(scratch.path() + "/run.captures");
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(made->front(), '/');
  EXPECT_FALSE(HasCaptures(*made));
  scratch.Write("run.captures/1-ab.capture", "x");
  EXPECT_TRUE(HasCaptures(*made));
  RemoveCapturesFolder(*made);
  EXPECT_NE(access(made->c_str(), F_OK), 0);
}

TEST(CapturesFolderTest, EmptyOneMayBeThere) {
  const ScratchFolder scratch;
  ASSERT_TRUE(MakeCapturesFolder(scratch.path() + "/run.captures").ok());
  EXPECT_TRUE(MakeCapturesFolder(scratch.path() + "/run.captures").ok());
}

TEST(CapturesFolderTest, CapturesOfAnEarlierRunAreLeftAlone) {
  const ScratchFolder scratch;
  scratch.Write("run.captures/1-ab.capture", "x");
  const auto made = MakeCapturesFolder(scratch.path() + "/run.captures");
  EXPECT_THAT(made.status().ToString(), HasSubstr("there already"));
  EXPECT_TRUE(HasCaptures(scratch.path() + "/run.captures"));
}

TEST(CapturesFolderTest, OtherFilesInItAreNeverRemoved) {
  const ScratchFolder scratch;
  const auto made = MakeCapturesFolder(scratch.path() + "/run.captures");
  const std::string dear = scratch.Write("run.captures/notes", "dear");
  RemoveCapturesFolder(*made);
  EXPECT_EQ(ReadFile(dear), "dear");
}

TEST(CapturesFolderTest, FileInItsPlaceIsRefused) {
  const ScratchFolder scratch;
  scratch.Write("run.captures", "a file");
  EXPECT_FALSE(MakeCapturesFolder(scratch.path() + "/run.captures").ok());
  EXPECT_EQ(ReadFile(scratch.path() + "/run.captures"), "a file");
}

TEST(CapturesFolderTest, CapturesWithoutAHeaderWereNotWritten) {
  const ScratchFolder scratch;
  const auto made = MakeCapturesFolder(scratch.path() + "/run.captures");
  EXPECT_TRUE(CheckWritten(*made).ok());  // a program that never allocated
  scratch.Write("run.captures/1-ab.capture", "");
  EXPECT_THAT(CheckWritten(*made).ToString(), HasSubstr("could not be written"));
}

TEST(CapturesFolderTest, OneCaptureWithAHeaderIsEnough) {
  const ScratchFolder scratch;
  const auto made = MakeCapturesFolder(scratch.path() + "/run.captures");
  scratch.Write("run.captures/1-ab.capture", "");
  scratch.Write("run.captures/2-cd.capture", std::string(4096, 'x'));
  EXPECT_TRUE(CheckWritten(*made).ok());
}

}  // namespace
}  // namespace heapcrest
