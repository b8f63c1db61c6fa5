#include "viewer/output_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <thread>

#include "profiler/format/capture_format.h"
#include "tests/viewer/temporary_folder.h"

namespace heapcrest {
namespace {

using testing::HasSubstr;

const std::string kProfileBytes = std::string(kMagic, 8) + std::string("\1\0\0\0\2\0\0\0", 8);
const std::string kReport = std::string(kReportMarker) + " 1 -->";

TEST(OutputFileTest, WritesAFileAndLeavesNothingBeside) {
  const TemporaryFolder folder;
  ASSERT_TRUE(WriteWhole(folder / "a", "content", OutputKind::kText).ok());
  EXPECT_EQ(FileContent(folder / "a"), "content");
  EXPECT_EQ(folder.FileCount(), 1u);
}

TEST(OutputFileTest, OurOwnFilesAreReplaced) {
  const TemporaryFolder folder;
  const std::string profile = folder.Write("p", kProfileBytes);
  const std::string report = folder.Write("r", kReport);
  EXPECT_TRUE(WriteWhole(profile, "new", OutputKind::kProfile).ok());
  EXPECT_TRUE(WriteWhole(report, "new", OutputKind::kReport).ok());
  EXPECT_EQ(FileContent(profile) + FileContent(report), "newnew");
}

TEST(OutputFileTest, OthersAreLeftAloneAndTheMessageNamesAWayOut) {
  const TemporaryFolder folder;
  const std::string path = folder.Write("thesis.html", "<!doctype html><title>mine</title>");
  for (const OutputKind kind : {OutputKind::kProfile, OutputKind::kReport, OutputKind::kText}) {
    const absl::Status status = WriteWhole(path, "new", kind);
    EXPECT_THAT(std::string(status.message()), HasSubstr(path));
    EXPECT_THAT(std::string(status.message()), HasSubstr("choose another name with -o"));
  }
  EXPECT_EQ(FileContent(path), "<!doctype html><title>mine</title>");
  EXPECT_FALSE(CheckWritable(folder.Write("empty", ""), OutputKind::kProfile).ok());
  EXPECT_FALSE(CheckWritable(folder.Write("r", kReport), OutputKind::kProfile).ok());
  EXPECT_FALSE(CheckWritable(folder.Write("p", kProfileBytes), OutputKind::kReport).ok());
}

TEST(OutputFileTest, AFolderIsNoFile) {
  const TemporaryFolder folder;
  EXPECT_THAT(std::string(CheckWritable(folder.path(), OutputKind::kReport).message()),
              HasSubstr("is a folder"));
}

TEST(OutputFileTest, AFolderThatDoesNotExistIsAnErrorBeforeAndWhileWriting) {
  EXPECT_FALSE(CheckWritable("/nonexistent/a", OutputKind::kText).ok());
  EXPECT_THAT(std::string(WriteWhole("/nonexistent/a", "x", OutputKind::kText).message()),
              HasSubstr("No such file or directory"));
}

TEST(OutputFileTest, TheFileBehindALinkIsReplacedAndKeepsItsMode) {
  const TemporaryFolder folder;
  const std::string target = folder.Write("target", kProfileBytes);
  chmod(target.c_str(), 0640);
  ASSERT_EQ(symlink("target", (folder / "link").c_str()), 0);
  ASSERT_TRUE(WriteWhole(folder / "link", "new", OutputKind::kProfile).ok());
  EXPECT_EQ(FileContent(target), "new");
  struct stat status;
  ASSERT_EQ(lstat((folder / "link").c_str(), &status), 0);
  EXPECT_TRUE(S_ISLNK(status.st_mode));
  ASSERT_EQ(stat(target.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0640u);
}

TEST(OutputFileTest, APipeIsWrittenTo) {
  const TemporaryFolder folder;
  ASSERT_EQ(mkfifo((folder / "pipe").c_str(), 0600), 0);
  std::string received;
  std::thread reader([&] { received = FileContent(folder / "pipe"); });
  EXPECT_TRUE(WriteWhole(folder / "pipe", "through", OutputKind::kText).ok());
  reader.join();
  EXPECT_EQ(received, "through");
}

TEST(OutputFileTest, AFullDeviceIsAnError) {
  EXPECT_THAT(std::string(WriteWhole("/dev/full", "x", OutputKind::kText).message()),
              HasSubstr("No space left on device"));
}

TEST(OutputFileTest, AWriteThatFailsHalfwayLeavesTheOldFileAndNothingBeside) {
  const TemporaryFolder folder;
  const std::string path = folder.Write("p", kProfileBytes);
  signal(SIGXFSZ, SIG_IGN);
  rlimit before;
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit small = {1000, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  const absl::Status status = WriteWhole(path, std::string(5000, 'x'), OutputKind::kProfile);
  setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_THAT(std::string(status.message()), HasSubstr("File too large"));
  EXPECT_EQ(FileContent(path), kProfileBytes);
  EXPECT_EQ(folder.FileCount(), 1u);
}

}  // namespace
}  // namespace heapcrest
