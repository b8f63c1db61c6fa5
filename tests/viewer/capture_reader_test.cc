#include "viewer/capture_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/viewer/capture_builder.h"
#include "tests/viewer/temporary_folder.h"
#include "viewer/peak.h"

namespace heapcrest {
namespace {

using testing::HasSubstr;

class CaptureReaderTest : public testing::Test {
 protected:
  absl::StatusOr<Process> Read(const std::string& bytes) {
    const absl::StatusOr<InputFile> file = InputFile::Open(folder_.Write("1-ff.capture", bytes));
    warnings_.clear();
    return ReadCapture(*file, &warnings_);
  }

  static ChunkBuilder OneSample(uint32_t number = 0, uint64_t base_ns = 1000) {
    ChunkBuilder chunk(number, base_ns);
    chunk.Thread(0).Stack(1, {0x10}).Allocation(10, 100, 1);
    return chunk;
  }

  const TemporaryFolder folder_;
  std::vector<std::string> warnings_;
};

TEST_F(CaptureReaderTest, TakesTheFactsOfTheHeader) {
  CaptureHeader header = TestHeader();
  header.exit_status = 0x103;
  header.stop_errno = 28;
  header.lost_records = 9;
  const absl::StatusOr<Process> process = Read(CaptureBytes(header, {OneSample()}));
  ASSERT_TRUE(process.ok()) << process.status().message();
  EXPECT_EQ(process->pid, 42u);
  EXPECT_EQ(process->parent_pid, 41u);
  EXPECT_EQ(process->duration_ns, 1'000'000u);
  EXPECT_EQ(process->exit.kind, Exit::Kind::kExited);
  EXPECT_EQ(process->exit.code, 3);
  EXPECT_EQ(process->stop_errno, 28u);
  EXPECT_EQ(process->lost_records, 9u);
  EXPECT_TRUE(warnings_.empty());
}

TEST_F(CaptureReaderTest, AKilledProcessLastedToItsLastRecord) {
  CaptureHeader header = TestHeader();
  header.end_state = EndState::kRunning;
  header.end_monotonic_ns = 0;
  const absl::StatusOr<Process> process = Read(CaptureBytes(header, {OneSample(0, 5000)}));
  ASSERT_TRUE(process.ok());
  EXPECT_EQ(process->duration_ns, 4010u);
  EXPECT_EQ(process->exit.kind, Exit::Kind::kUnknown);
  header.end_state = EndState::kExeced;
  EXPECT_EQ(Read(CaptureBytes(header, {}))->exit.kind, Exit::Kind::kExeced);
}

TEST_F(CaptureReaderTest, ThreadsThatOverlapAreMergedByTime) {
  // Thread 1 frees what thread 0 allocated just before thread 0 allocates the next.
  ChunkBuilder first(0, 1000), second(1, 1000);
  first.Thread(0).Stack(1, {0x10});
  second.Thread(1);
  for (int i = 0; i < 10; ++i) second.Free(i == 0 ? 15 : 10, first.Allocation(10, 100, 1));
  const absl::StatusOr<Process> process = Read(CaptureBytes(TestHeader(), {first, second}));
  ASSERT_TRUE(process.ok());
  EXPECT_EQ(FindPeak(*process).total[0].bytes, 100);
}

TEST_F(CaptureReaderTest, ReservedChunksThatWereNeverUsedAreSkipped) {
  std::string bytes = CaptureBytes(TestHeader(), {OneSample(0)});
  bytes += std::string(kChunkBytes, '\0') + OneSample(2).Bytes();
  const absl::StatusOr<Process> process = Read(bytes);
  ASSERT_TRUE(process.ok());
  EXPECT_EQ(process->samples.size(), 2u);
}

TEST_F(CaptureReaderTest, ACutFileIsAWarningAndTheRestIsKept) {
  const std::string whole = CaptureBytes(TestHeader(), {OneSample(0), OneSample(1)});
  const size_t second = kCaptureHeaderBytes + kChunkBytes;
  const size_t used = sizeof(ChunkHeader) + OneSample().records().size();
  for (size_t size = second + 1; size < second + used; ++size) {
    const absl::StatusOr<Process> process = Read(whole.substr(0, size));
    ASSERT_TRUE(process.ok()) << size << process.status().message();
    EXPECT_EQ(process->samples.size(), 1u);
    ASSERT_EQ(warnings_.size(), 1u) << size;
    EXPECT_THAT(warnings_[0], HasSubstr("is cut short; what came before is shown"));
  }
  // Behind what is used nothing is missed.
  EXPECT_EQ(Read(whole.substr(0, second + used))->samples.size(), 2u);
  EXPECT_TRUE(warnings_.empty());
}

TEST_F(CaptureReaderTest, AFileCutWithinItsFirstPageIsStillAProcess) {
  const std::string whole = CaptureBytes(TestHeader(), {OneSample()});
  EXPECT_EQ(Read(whole.substr(0, sizeof(CaptureHeader)))->pid, 42u);
  EXPECT_FALSE(Read(whole.substr(0, sizeof(CaptureHeader) - 1)).ok());
}

TEST_F(CaptureReaderTest, DamageNamesFileOffsetAndWhatToDo) {
  std::string bytes = CaptureBytes(TestHeader(), {OneSample(0), OneSample(1)});
  bytes[kCaptureHeaderBytes + kChunkBytes] ^= 1;
  const absl::StatusOr<Process> process = Read(bytes);
  EXPECT_EQ(process.status().message(),
            folder_ / "1-ff.capture" +
                ": byte 69632: here chunk 1 should begin; the file is damaged: copy it again or "
                "record anew");
}

TEST_F(CaptureReaderTest, ImpossibleHeadersAreDamage) {
  const std::string good = CaptureBytes(TestHeader(), {OneSample()});
  const auto with = [&](size_t offset, uint8_t byte) {
    std::string bad = good;
    bad[offset] = static_cast<char>(byte);
    return Read(bad).status();
  };
  EXPECT_FALSE(with(offsetof(CaptureHeader, chunk_bytes), 7).ok());
  EXPECT_FALSE(with(kCaptureHeaderBytes + offsetof(ChunkHeader, number), 7).ok());
  EXPECT_FALSE(with(kCaptureHeaderBytes + offsetof(ChunkHeader, used) + 2, 2).ok());
  EXPECT_FALSE(with(kCaptureHeaderBytes + offsetof(ChunkHeader, used), 63).ok());
}

TEST_F(CaptureReaderTest, ARecordThatMakesNoSenseIsDamageAtItsOffset) {
  ChunkBuilder chunk(0, 1000);
  chunk.Raw("\x7f\x01x").Raw("\x01\x01\x05");
  EXPECT_THAT(std::string(Read(CaptureBytes(TestHeader(), {chunk})).status().message()),
              HasSubstr("byte 4163: no sense can be made of this record"));
}

TEST_F(CaptureReaderTest, LooseEndsAreWarnings) {
  ChunkBuilder chunk(0, 1000);
  chunk.Thread(0).Allocation(1, 100, 5);
  chunk.Free(1, MakeSampleId(9, 9));
  ASSERT_TRUE(Read(CaptureBytes(TestHeader(), {chunk})).ok());
  ASSERT_EQ(warnings_.size(), 2u);
  EXPECT_THAT(warnings_[0], HasSubstr("1 samples have lost their call stack"));
  EXPECT_THAT(warnings_[1], HasSubstr("1 frees of unknown allocations"));
}

TEST_F(CaptureReaderTest, SizesThatCannotBeAddedUpAreDamage) {
  ChunkBuilder chunk(0, 1000);
  chunk.Thread(0).Allocation(1, UINT64_MAX, 5);
  EXPECT_THAT(std::string(Read(CaptureBytes(TestHeader(), {chunk})).status().message()),
              HasSubstr("cannot be added up"));
}

}  // namespace
}  // namespace heapcrest
