#include "viewer/reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/viewer/capture_builder.h"
#include "tests/viewer/temporary_folder.h"
#include "viewer/call_tree.h"
#include "viewer/peak.h"
#include "viewer/profile_writer.h"

namespace heapcrest {
namespace {

using testing::HasSubstr;

std::string Capture(uint32_t pid, uint64_t start_ns) {
  CaptureHeader header = TestHeader();
  header.pid = pid;
  header.start_monotonic_ns = start_ns;
  ChunkBuilder chunk(0, start_ns);
  chunk.Thread(0).Mapping(0x1000, 0x2000, 0x400, "/lib/libfoo.so").Stack(1, {0x1234, 0x9999});
  chunk.Allocation(10, 100, 1);
  chunk.Allocation(10, 50, 2);
  return CaptureBytes(header, {chunk});
}

TEST(ReaderTest, ACaptureBecomesARecordingOfOneProcess) {
  const TemporaryFolder folder;
  const absl::StatusOr<Recording> recording = ReadRecording(folder.Write("a", Capture(1, 1000)));
  ASSERT_TRUE(recording.ok()) << recording.status().message();
  EXPECT_EQ(recording->processes.size(), 1u);
}

TEST(ReaderTest, AFolderBecomesARecordingOfItsCapturesByStart) {
  const TemporaryFolder folder;
  folder.Write("1-b.capture", Capture(1, 3000));
  folder.Write("2-a.capture", Capture(2, 2000));
  folder.Write("notes.txt", "not ours");
  const absl::StatusOr<Recording> recording = ReadRecording(folder.path());
  ASSERT_TRUE(recording.ok()) << recording.status().message();
  ASSERT_EQ(recording->processes.size(), 2u);
  EXPECT_EQ(recording->processes[0].pid, 2u);
  EXPECT_EQ(recording->processes[1].pid, 1u);
}

TEST(ReaderTest, ACaptureThatCannotBeReadIsAWarningAmongOthers) {
  const TemporaryFolder folder;
  folder.Write("1-a.capture", "garbage");
  folder.Write("2-b.capture", Capture(2, 2000));
  const absl::StatusOr<Recording> recording = ReadRecording(folder.path());
  ASSERT_TRUE(recording.ok());
  EXPECT_EQ(recording->processes.size(), 1u);
  EXPECT_THAT(recording->warnings, testing::Contains(HasSubstr("1-a.capture: is not")));
}

TEST(ReaderTest, AnEmptyCaptureIsSaidToBeSo) {
  const TemporaryFolder folder;
  folder.Write("1-a.capture", "");
  folder.Write("2-b.capture", Capture(2, 2000));
  const absl::StatusOr<Recording> recording = ReadRecording(folder.path());
  ASSERT_TRUE(recording.ok());
  EXPECT_EQ(recording->processes.size(), 1u);
  ASSERT_FALSE(recording->warnings.empty());
  EXPECT_THAT(recording->warnings[0], HasSubstr("1-a.capture: is empty: its process could not"));
}

TEST(ReaderTest, AFolderWithoutCapturesIsAnErrorThatSaysWhatToDo) {
  const TemporaryFolder folder;
  EXPECT_THAT(std::string(ReadRecording(folder.path()).status().message()),
              HasSubstr("holds no capture that can be read; name a .heapcrest profile"));
  folder.Write("1-a.capture", "garbage");
  EXPECT_THAT(std::string(ReadRecording(folder.path()).status().message()),
              HasSubstr("1-a.capture"));
}

TEST(ReaderTest, AMissingFileIsAnError) {
  EXPECT_THAT(std::string(ReadRecording("/nonexistent").status().message()),
              HasSubstr("/nonexistent: cannot be read: No such file or directory"));
}

TEST(ReaderTest, LostStacksHaveAName) {
  const TemporaryFolder folder;
  const absl::StatusOr<Recording> recording = ReadRecording(folder.Write("a", Capture(1, 1000)));
  ASSERT_TRUE(recording.ok());
  const Frame& lost = recording->frames[recording->lost_stack_frame];
  EXPECT_EQ(recording->strings[lost.function], "[stack lost]");
}

TEST(ReaderTest, AProfileWithoutSymbolsNamesAddressesByTheirModule) {
  const TemporaryFolder folder;
  const absl::StatusOr<Recording> capture = ReadRecording(folder.Write("a", Capture(1, 1000)));
  ASSERT_TRUE(WriteProfile(*capture, folder / "p.heapcrest").ok());
  const absl::StatusOr<Recording> profile = ReadRecording(folder / "p.heapcrest");
  ASSERT_TRUE(profile.ok()) << profile.status().message();
  const Process& process = profile->processes[0];
  std::string names;
  for (const CallNode& node : BuildCallTree(*profile, process, FindPeak(process)).nodes) {
    if (node.frame == kNone) continue;
    names += std::string(profile->strings[profile->frames[node.frame].function]) + " ";
  }
  EXPECT_EQ(names, "libfoo.so+0xe34 0x9999 [stack lost] ");
}

}  // namespace
}  // namespace heapcrest
