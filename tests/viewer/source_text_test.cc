#include "viewer/source_text.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>

#include "tests/viewer/temporary_folder.h"
#include "viewer/path_prefix.h"
#include "viewer/profile_tables.h"

namespace heapcrest {
namespace {

constexpr uint64_t kFarFuture = 4'000'000'000'000'000'000;

// A recording whose frames name these lines of one file.
Recording Naming(const std::string& file, const std::vector<uint32_t>& lines,
                 uint64_t start_ns = kFarFuture) {
  Recording recording;
  recording.processes.emplace_back().start_realtime_ns = start_ns;
  for (const uint32_t line : lines) {
    recording.frames.push_back(
        {recording.strings.Intern("f()"), recording.strings.Intern(file), line, 0});
  }
  return recording;
}

std::vector<std::string> TextsOf(const Recording& recording) {
  std::vector<std::string> texts;
  for (const SourceLine& line : recording.source) {
    texts.emplace_back(recording.strings[line.text]);
  }
  return texts;
}

class SourceTextTest : public ::testing::Test {
 protected:
  std::string Write(const std::string& content) { return folder_.Write("code.cc", content); }
  TemporaryFolder folder_;
};

TEST_F(SourceTextTest, LinesThatFramesNameAreReadWithoutTheirBlanks) {
  Recording recording = Naming(Write("one\n\n  three(3);\t\r\nfour"), {3, 1, 4, 2, 9, 0});
  ReadSource(&recording);
  EXPECT_EQ(TextsOf(recording), (std::vector<std::string>{"one", "three(3);", "four"}));
  EXPECT_EQ(recording.source[1].line, 3u);
}

TEST_F(SourceTextTest, AFileThatIsNewerThanTheRunIsNotRead) {
  Recording recording = Naming(Write("changed"), {1}, 1'000'000'000);
  ReadSource(&recording);
  EXPECT_TRUE(recording.source.empty());
}

TEST_F(SourceTextTest, LongLinesAreCut) {
  Recording recording = Naming(Write(std::string(100'000, 'x')), {1});
  ReadSource(&recording);
  EXPECT_EQ(TextsOf(recording), (std::vector<std::string>{std::string(kMaxSourceLineBytes, 'x')}));
}

TEST_F(SourceTextTest, OnlyRegularFilesAreRead) {
  const std::string pipe = folder_.path() + "/pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  for (const std::string& path :
       {pipe, folder_.path(), std::string("/dev/zero"), std::string("/no/such/file"),
        std::string("relative.cc"), Write("x") + std::string("\0y", 2)}) {
    Recording recording = Naming(path, {1});
    ReadSource(&recording);
    EXPECT_TRUE(recording.source.empty()) << path;
  }
}

TEST_F(SourceTextTest, AFileOfTooManyBytesIsNotRead) {
  const std::string path = Write("first\n");
  std::filesystem::resize_file(path, kMaxSourceFileBytes + 1);
  Recording recording = Naming(path, {1});
  ReadSource(&recording);
  EXPECT_TRUE(recording.source.empty());
}

TEST_F(SourceTextTest, TheProfileKeepsThem) {
  Recording recording = Naming(Write("a\nb\nc"), {1, 3});
  ReadSource(&recording);
  Recording read;
  ASSERT_TRUE(DecodeStrings(EncodeStrings(recording.strings), &read.strings));
  ASSERT_TRUE(DecodeSource(EncodeSource(recording), &read));
  EXPECT_EQ(TextsOf(read), TextsOf(recording));
  Recording without_strings;
  EXPECT_FALSE(DecodeSource(EncodeSource(recording), &without_strings));
}

TEST_F(SourceTextTest, PathsLoseTheirPrefixAndNothingElseDoes) {
  Recording recording = Naming(Write("a"), {1});
  recording.frames[0].module = recording.strings.Intern(folder_.path() + "/bin/app");
  recording.frames.push_back({recording.strings.Intern(folder_.path() + "/f"),
                              recording.strings.Intern(folder_.path() + "x/other.cc"), 2, 0});
  recording.processes[0].command = {folder_.path() + "/bin/app"};
  ReadSource(&recording);
  StripPathPrefix(folder_.path() + "/", &recording);
  EXPECT_EQ(recording.strings[recording.frames[0].file], "code.cc");
  EXPECT_EQ(recording.strings[recording.frames[0].module], "bin/app");
  EXPECT_EQ(recording.strings[recording.source[0].file], "code.cc");
  EXPECT_EQ(recording.strings[recording.source[0].text], "a");
  EXPECT_EQ(recording.strings[recording.frames[1].file], folder_.path() + "x/other.cc");
  EXPECT_EQ(recording.strings[recording.frames[1].function], folder_.path() + "/f");
  EXPECT_EQ(recording.processes[0].command[0], folder_.path() + "/bin/app");
  for (uint32_t id = 0; id < recording.strings.size(); ++id) {
    EXPECT_NE(recording.strings[id], folder_.path() + "/code.cc");
  }
}

}  // namespace
}  // namespace heapcrest
