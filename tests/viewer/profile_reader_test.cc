#include "viewer/profile_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "tests/viewer/recording_builder.h"
#include "tests/viewer/temporary_folder.h"
#include "viewer/column.h"
#include "viewer/profile_block.h"
#include "viewer/profile_facts.h"
#include "viewer/profile_writer.h"
#include "viewer/summary_json.h"

namespace heapcrest {
namespace {

using testing::HasSubstr;

class ProfileReaderTest : public testing::Test {
 protected:
  absl::StatusOr<Recording> Read(const std::string& bytes) {
    return ReadProfile(*InputFile::Open(folder_.Write("read", bytes)));
  }

  std::string ProfileOf(const Recording& recording) {
    EXPECT_TRUE(WriteProfile(recording, folder_ / "written").ok());
    return FileContent(folder_ / "written");
  }

  // Where the blocks of a profile begin.
  static std::vector<size_t> Blocks(const std::string& profile) {
    std::vector<size_t> blocks;
    for (size_t at = kCommonHeaderBytes; at < profile.size();) {
      blocks.push_back(at);
      BlockHeader header;
      memcpy(&header, profile.data() + at, sizeof(header));
      at += sizeof(header) + header.stored_bytes;
    }
    return blocks;
  }

  const TemporaryFolder folder_;
};

TEST_F(ProfileReaderTest, UnknownBlocksAndColumnsAreSkipped) {
  const Recording recording = RecordingBuilder().Sample({"main", "f"}, 8, 1).Build();
  std::string profile = ProfileOf(recording);
  // A block of a later version before the events; then the end must count it.
  const std::vector<size_t> blocks = Blocks(profile);
  const std::string later = PackBlock(static_cast<BlockType>(1000), 0, "counters, source, ...");
  profile.resize(blocks.back());
  profile.insert(blocks[5], later);
  EndContent end = {blocks.size(), profile.size(), kHashOfNothing};
  for (const size_t block : Blocks(profile)) {
    BlockHeader header;
    memcpy(&header, profile.data() + block, sizeof(header));
    end.header_hash = HashHeader(end.header_hash, header);
  }
  profile += PackBlock(BlockType::kEnd, kWholeRecording,
                       {reinterpret_cast<const char*>(&end), sizeof(end)});
  const absl::StatusOr<Recording> read = Read(profile);
  ASSERT_TRUE(read.ok()) << read.status().message();
  EXPECT_TRUE(read->warnings.empty());
  EXPECT_EQ(SummaryJson(*read, Summarize(*read), 10),
            SummaryJson(recording, Summarize(recording), 10));
}

TEST_F(ProfileReaderTest, ACutFileShowsWhatCameBefore) {
  RecordingBuilder builder;
  const size_t all = size_t{2} * kEventsPerBlock + 100;
  for (uint64_t i = 0; i < all; ++i) builder.Sample({"main", "f"}, 8, i * 1000);
  const std::string profile = ProfileOf(builder.Build());
  const std::vector<size_t> blocks = Blocks(profile);
  ASSERT_EQ(blocks.size(), 9u);  // five of tables, three of events, the end
  const auto samples = [&](size_t size) {
    const absl::StatusOr<Recording> read = Read(profile.substr(0, size));
    EXPECT_TRUE(read.ok()) << size << read.status().message();
    EXPECT_THAT(read->warnings, testing::ElementsAre(HasSubstr("the file was cut here")));
    EXPECT_THAT(read->warnings[0], HasSubstr("samples are shown, and figures may be too low"));
    return read->processes[0].samples.size();
  };
  EXPECT_EQ(samples(profile.size() - 1), all);
  EXPECT_EQ(samples(blocks[8]), all);
  EXPECT_EQ(samples(blocks[8] - 1), 2 * kEventsPerBlock);
  EXPECT_EQ(samples(blocks[7]), 2 * kEventsPerBlock);
  EXPECT_EQ(samples(blocks[7] - 1), kEventsPerBlock);
}

TEST_F(ProfileReaderTest, CutBeforeTheFirstSampleThereIsNothingToShow) {
  RecordingBuilder builder;
  builder.Sample({"main", "f"}, 8, 1000);
  const std::string profile = ProfileOf(builder.Build());
  const std::vector<size_t> blocks = Blocks(profile);
  for (const size_t size : {size_t{20}, blocks[1], blocks[5], blocks[5] + 40}) {
    EXPECT_THAT(std::string(Read(profile.substr(0, size)).status().message()),
                HasSubstr("the file was cut here, before anything that could be shown"));
  }
}

TEST_F(ProfileReaderTest, EveryCutOfASmallProfileIsAWarningOrAnError) {
  const std::string profile = ProfileOf(RandomRecording(5));
  for (size_t size = kCommonHeaderBytes; size < profile.size(); ++size) {
    const absl::StatusOr<Recording> read = Read(profile.substr(0, size));
    EXPECT_TRUE(!read.ok() || read->warnings.size() == 2) << size;
  }
}

TEST_F(ProfileReaderTest, EveryDamagedByteIsNoticedOrChangesNothing) {
  const Recording recording = RandomRecording(5);
  const std::string profile = ProfileOf(recording);
  const std::string truth = SummaryJson(recording, Summarize(recording), 10);
  size_t noticed = 0;
  for (size_t i = kCommonHeaderBytes; i < profile.size(); ++i) {
    std::string bad = profile;
    bad[i] = static_cast<char>(bad[i] ^ 0x10);
    const absl::StatusOr<Recording> read = Read(bad);
    if (!read.ok()) {
      EXPECT_THAT(std::string(read.status().message()), HasSubstr(": byte "));
      ++noticed;
    } else if (read->warnings.size() == recording.warnings.size()) {
      EXPECT_EQ(SummaryJson(*read, Summarize(*read), 10), truth) << i;
    }
  }
  EXPECT_GT(noticed, profile.size() * 9 / 10);
}

TEST_F(ProfileReaderTest, BlocksOutOfPlaceAreDamage) {
  const std::string profile = ProfileOf(RecordingBuilder().Sample({"main"}, 8, 1).Build());
  const std::vector<size_t> blocks = Blocks(profile);
  const auto block = [&](size_t i) {
    const size_t end = i + 1 < blocks.size() ? blocks[i + 1] : profile.size();
    return profile.substr(blocks[i], end - blocks[i]);
  };
  const std::string head = profile.substr(0, kCommonHeaderBytes);
  EXPECT_FALSE(Read(head + block(0) + block(0)).ok());  // facts twice
  EXPECT_FALSE(Read(head + block(0) + block(2)).ok());  // frames without strings
  EXPECT_FALSE(Read(head + block(0) + block(5)).ok());  // events without stacks
  EXPECT_FALSE(Read(head + block(3)).ok());             // locations of no process
  EXPECT_FALSE(Read(head + block(0) + block(6)).ok());  // an end that counts otherwise
  std::string other = block(3);
  other[4] = 1;  // of process 1
  EXPECT_FALSE(Read(head + block(0) + block(1) + block(2) + other).ok());
}

TEST_F(ProfileReaderTest, FactsWithoutProcessesAreDamage) {
  const std::string profile = ProfileOf(RecordingBuilder().Build());
  EXPECT_FALSE(Read(profile.substr(0, kCommonHeaderBytes) +
                    PackBlock(BlockType::kFacts, kWholeRecording, EncodeFacts(Recording())))
                   .ok());
}

TEST_F(ProfileReaderTest, FiguresThatDoNotAddUpAreDamage) {
  RecordingBuilder builder;
  for (uint64_t i = 0; i < 100; ++i) builder.Sample({"main"}, uint64_t{1} << 57, i);
  EXPECT_THAT(std::string(Read(ProfileOf(builder.Build())).status().message()),
              HasSubstr("does not add up"));
}

}  // namespace
}  // namespace heapcrest
