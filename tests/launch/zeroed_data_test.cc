#include "profiler/launch/zeroed_data.h"

#include <gtest/gtest.h>

#include "tests/launch/scratch_folder.h"

namespace heapcrest {
namespace {

// Zeroed data of this very program, more than all else of it that is zeroed.
constexpr size_t kZeroed = 5'000'000;
volatile char g_zeroed[kZeroed];

TEST(ZeroedDataTest, IsWholePagesOfWhatAProgramHasBeyondItsFile) {
  g_zeroed[0] = 0;
  const std::optional<uint64_t> bytes = ZeroedBytesOf("/proc/self/exe");
  ASSERT_TRUE(bytes);
  EXPECT_GE(*bytes, kZeroed - 4096);  // it may begin in the last page of the file
  EXPECT_LT(*bytes, 2 * kZeroed);
  EXPECT_EQ(*bytes % 4096, 0u);
}

TEST(ZeroedDataTest, WhatIsNoSoundElfFileSaysNothing) {
  const ScratchFolder folder;
  const std::string program = ReadFile("/proc/self/exe");
  std::string other_class = program;
  other_class[4] = 1;
  std::string other_machine = program;
  other_machine[18] ^= 1;
  EXPECT_FALSE(ZeroedBytesOf(folder.path() + "/missing"));
  EXPECT_FALSE(ZeroedBytesOf(folder.Write("text", "#!/bin/sh\nexit 0\n" + std::string(100, '#'))));
  EXPECT_FALSE(ZeroedBytesOf(folder.Write("cut", program.substr(0, 100))));
  EXPECT_FALSE(ZeroedBytesOf(folder.Write("tiny", program.substr(0, 10))));
  EXPECT_FALSE(ZeroedBytesOf(folder.Write("other", other_class)));
  EXPECT_FALSE(ZeroedBytesOf(folder.Write("machine", other_machine)));
}

}  // namespace
}  // namespace heapcrest
