#include "viewer/profile_tables.h"

#include <gtest/gtest.h>

#include "tests/viewer/recording_builder.h"
#include "viewer/column.h"

namespace heapcrest {
namespace {

std::string Columns(const std::vector<std::vector<uint64_t>>& columns) {
  std::string block;
  for (const auto& numbers : columns) {
    ColumnWriter column;
    for (const uint64_t number : numbers) column.Number(number);
    column.AppendTo(&block);
  }
  return block;
}

TEST(ProfileTablesTest, TablesComeBack) {
  for (uint64_t seed = 0; seed < 30; ++seed) {
    const Recording recording = RandomRecording(seed);
    Recording read;
    ASSERT_TRUE(DecodeStrings(EncodeStrings(recording.strings), &read.strings));
    ASSERT_EQ(read.strings.size(), recording.strings.size());
    for (uint32_t id = 0; id < read.strings.size(); ++id) {
      EXPECT_EQ(read.strings[id], recording.strings[id]);
    }
    ASSERT_TRUE(DecodeFrames(EncodeFrames(recording), &read));
    EXPECT_EQ(read.frames, recording.frames);
    for (const Process& process : recording.processes) {
      Process copy;
      ASSERT_TRUE(DecodeLocations(EncodeLocations(process), read, &copy));
      ASSERT_EQ(copy.locations.size(), process.locations.size());
      for (size_t i = 0; i < copy.locations.size(); ++i) {
        EXPECT_EQ(copy.locations[i].epoch, process.locations[i].epoch);
        EXPECT_EQ(copy.locations[i].address, process.locations[i].address);
        EXPECT_EQ(copy.locations[i].first_frame, process.locations[i].first_frame);
        EXPECT_EQ(copy.locations[i].frame_count, process.locations[i].frame_count);
      }
      ASSERT_TRUE(DecodeStacks(EncodeStacks(process), &copy));
      ASSERT_EQ(copy.stacks.size(), process.stacks.size());
      for (size_t i = 1; i < copy.stacks.size(); ++i) {
        EXPECT_EQ(copy.stacks[i].parent, process.stacks[i].parent);
        EXPECT_EQ(copy.stacks[i].location, process.stacks[i].location);
        EXPECT_EQ(copy.stacks[i].omitted, process.stacks[i].omitted);
      }
    }
  }
}

TEST(ProfileTablesTest, TextsThatAreThereTwiceOrTooLongAreRefused) {
  StringTable twice, huge, none;
  EXPECT_FALSE(DecodeStrings(Columns({{1, 1}, {'a', 'a'}}), &twice));
  EXPECT_FALSE(DecodeStrings(Columns({{UINT64_MAX}, {'a'}}), &huge));
  EXPECT_FALSE(DecodeStrings("", &none));
}

TEST(ProfileTablesTest, IdsThatDoNotExistAreRefused) {
  Recording recording;
  recording.strings.Intern("f");
  const uint64_t one = Zigzag(1), two = Zigzag(2);
  EXPECT_TRUE(DecodeFrames(Columns({{one}, {0}, {12}, {0}}), &recording));
  for (const auto& columns :
       {Columns({{two}, {0}, {1}, {0}}), Columns({{0}, {two}, {1}, {0}}),
        Columns({{0}, {0}, {1}, {two}}), Columns({{0}, {0}, {}, {0}}),
        Columns({{0}, {0}, {uint64_t{1} << 32}, {0}}), Columns({{Zigzag(-1)}, {0}, {1}, {0}})}) {
    Recording bad;
    bad.strings.Intern("f");
    EXPECT_FALSE(DecodeFrames(columns, &bad));
  }
  for (const auto& [first, count, is_good] :
       {std::tuple{0, 1, true}, {1, 0, true}, {0, 2, false}, {1, 1, false}, {-1, 1, false}}) {
    Process process;
    const std::string columns =
        Columns({{0}, {0}, {Zigzag(first)}, {static_cast<uint64_t>(count)}});
    EXPECT_EQ(DecodeLocations(columns, recording, &process), is_good);
  }
}

TEST(ProfileTablesTest, StacksThatAreNoTreeAreRefused) {
  const auto decode = [](const std::string& columns) {
    Process process;
    process.locations.resize(1);
    return DecodeStacks(columns, &process);
  };
  EXPECT_TRUE(decode(Columns({{1, 1, 3}, {1, 1, 0}, {7}})));
  EXPECT_FALSE(decode(Columns({{0}, {1}, {}})));  // its own parent
  EXPECT_FALSE(decode(Columns({{2}, {1}, {}})));  // a parent before the root
  EXPECT_FALSE(decode(Columns({{1}, {2}, {}})));  // no such location
  EXPECT_FALSE(decode(Columns({{1}, {0}, {}})));  // a gap without its number
  EXPECT_FALSE(decode(Columns({{1, 1}, {1}, {}})));
}

TEST(ProfileTablesTest, StacksOfEndlessInlinedFramesAreRefused) {
  Process process;
  process.locations.push_back({0, 0, 0, 1000});
  std::vector<uint64_t> ones(100, 1);
  EXPECT_FALSE(DecodeStacks(Columns({ones, ones, {}}), &process));
}

TEST(ProfileTablesTest, ATableComesOnce) {
  Recording recording;
  recording.strings.Intern("f");
  Process process;
  ASSERT_TRUE(DecodeFrames(Columns({{0}, {0}, {0}, {0}}), &recording));
  EXPECT_FALSE(DecodeFrames(Columns({{0}, {0}, {0}, {0}}), &recording));
  EXPECT_FALSE(DecodeStrings(Columns({{}, {}}), &recording.strings));
  ASSERT_TRUE(DecodeStacks(Columns({{}, {}, {}}), &process));
  EXPECT_FALSE(DecodeStacks(Columns({{}, {}, {}}), &process));
}

}  // namespace
}  // namespace heapcrest
