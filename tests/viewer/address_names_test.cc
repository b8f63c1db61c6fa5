#include "viewer/address_names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace heapcrest {
namespace {

Recording RecordingOf(std::vector<Mapping> mappings, std::vector<Location> locations) {
  Recording recording;
  recording.processes.emplace_back();
  recording.processes[0].mappings = std::move(mappings);
  recording.processes[0].locations = std::move(locations);
  return recording;
}

std::vector<std::string> NamesOf(const Recording& recording) {
  std::vector<std::string> names;
  for (const Location& location : recording.processes[0].locations) {
    names.emplace_back(recording.strings[recording.frames[location.first_frame].function]);
  }
  return names;
}

TEST(AddressNamesTest, AreModuleAndOffsetOrTheBareAddress) {
  Recording recording = RecordingOf(
      {{0, 0x5000, 0x6000, 0x4000, "/lib/b.so", ""}, {0, 0x1000, 0x2000, 0, "a.out", ""}},
      {{0, 0x1000}, {0, 0x1fff}, {0, 0x2000}, {0, 0x5010}, {0, 0x10}, {0, 0x7000}});
  NameByAddress(&recording);
  EXPECT_THAT(NamesOf(recording), testing::ElementsAre("a.out+0x1000", "a.out+0x1fff", "0x2000",
                                                       "b.so+0x1010", "0x10", "0x7000"));
  EXPECT_EQ(recording.strings[recording.frames[3].module], "/lib/b.so");
}

TEST(AddressNamesTest, ExtensionModulesAreCalledAsPythonDoes) {
  EXPECT_EQ(ModuleName("/usr/lib/x/_json.cpython-311-x86_64-linux-gnu.so"), "_json.so");
  EXPECT_EQ(ModuleName("/usr/lib/x/_rust.abi3.so"), "_rust.abi3.so");
  EXPECT_EQ(ModuleName("/usr/lib/libfoo.so.1"), "libfoo.so.1");
  EXPECT_EQ(ModuleName("notes.cpython-311.txt"), "notes.cpython-311.txt");
  EXPECT_EQ(ModuleName(""), "");
  EXPECT_TRUE(IsAddressName("_json.so+0x4ca9", "/x/_json.cpython-311-x86_64-linux-gnu.so"));
  EXPECT_FALSE(IsAddressName("scan_once", "/x/_json.cpython-311-x86_64-linux-gnu.so"));
}

TEST(AddressNamesTest, MappingsAreThoseOfTheEpoch) {
  Recording recording =
      RecordingOf({{0, 0x1000, 0x2000, 0, "old", ""}, {2, 0x1000, 0x2000, 0, "new", ""}},
                  {{0, 0x1000}, {1, 0x1000}, {2, 0x1000}});
  NameByAddress(&recording);
  EXPECT_THAT(NamesOf(recording), testing::ElementsAre("old+0x1000", "0x1000", "new+0x1000"));
}

TEST(AddressNamesTest, WhatHasFramesKeepsThem) {
  Recording recording = RecordingOf({}, {{0, 0x1000, 0, 1}});
  recording.frames.push_back({recording.strings.Intern("known")});
  NameByAddress(&recording);
  EXPECT_THAT(NamesOf(recording), testing::ElementsAre("known"));
  EXPECT_EQ(recording.frames.size(), 1u);
}

}  // namespace
}  // namespace heapcrest
