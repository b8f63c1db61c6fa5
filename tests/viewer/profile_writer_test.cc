#include "viewer/profile_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/viewer/recording_builder.h"
#include "tests/viewer/temporary_folder.h"
#include "viewer/reader.h"

namespace heapcrest {
namespace {

TEST(ProfileWriterTest, WritesTheSameBytesForTheSameRecording) {
  const TemporaryFolder folder;
  const Recording recording = RandomRecording(3);
  ASSERT_TRUE(WriteProfile(recording, folder / "a").ok());
  ASSERT_TRUE(WriteProfile(recording, folder / "b").ok());
  EXPECT_EQ(FileContent(folder / "a"), FileContent(folder / "b"));
}

TEST(ProfileWriterTest, AProfileReadAndWrittenAgainIsTheSameFile) {
  const TemporaryFolder folder;
  for (uint64_t seed = 0; seed < 30; ++seed) {
    ASSERT_TRUE(WriteProfile(RandomRecording(seed), folder / "a").ok());
    const absl::StatusOr<Recording> read = ReadRecording(folder / "a");
    ASSERT_TRUE(read.ok()) << read.status().message();
    ASSERT_TRUE(WriteProfile(*read, folder / "b").ok());
    EXPECT_EQ(FileContent(folder / "a"), FileContent(folder / "b")) << seed;
  }
}

TEST(ProfileWriterTest, WillNotReplaceWhatIsNoProfile) {
  const TemporaryFolder folder;
  const std::string path = folder.Write("precious", "data");
  EXPECT_FALSE(WriteProfile(RecordingBuilder().Build(), path).ok());
  EXPECT_EQ(FileContent(path), "data");
}

// The goal for a run of clang++: 16,000 samples in 12,000 stacks of 60 frames in a megabyte.
TEST(ProfileWriterTest, ALargeProfileIsSmall) {
  RecordingBuilder builder(65536);
  uint64_t random = 1;
  for (uint64_t i = 0; i < 16'000; ++i) {
    std::vector<std::string> stack;
    random = random * 6364136223846793005 + 1442695040888963407;
    const uint64_t path = (random >> 33) % 12'000;
    for (uint64_t depth = 0; depth < 60; ++depth) {
      // Stacks part from each other at some depth, as a tree's branches do.
      const uint64_t branch = path >> (depth < 14 ? 14 - depth : 0);
      stack.push_back("clang::Sema::TemplateInstantiator<clang::Expr, llvm::SmallVector<" +
                      std::to_string((branch * 31 + depth) % 10'000) +
                      "u>>::TransformAndRebuildDeclarations(clang::QualType, bool)");
    }
    builder.Sample(stack, 16 + random % 4096, i * 100'000, i * 100'000 + random % 500'000'000);
  }
  const TemporaryFolder folder;
  ASSERT_TRUE(WriteProfile(builder.Build(), folder / "p").ok());
  EXPECT_LT(FileContent(folder / "p").size(), 1'000'000u);
}

}  // namespace
}  // namespace heapcrest
