#include "profiler/launch/resident_parts.h"

#include <gtest/gtest.h>

#include <sstream>

namespace heapcrest {
namespace {

ResidentParts Read(const std::string& smaps) {
  std::istringstream in(smaps);
  return ReadResidentParts(in, "/tmp/base.captures", [](const std::string& path) {
    return path == "/usr/lib/python3/_ssl.so" ? 12u * 1024 : UINT64_MAX;
  });
}

std::string Mapping(const std::string& range, const std::string& rights, int kilobytes,
                    const std::string& path = "", const std::string& flags = "sd") {
  return range + " " + rights + " 00000000 fe:01 " + (path.empty() ? "0 " : "99    " + path) +
         "\nSize:              132 kB\nRss:                " + std::to_string(kilobytes) +
         " kB\nPss:                  7 kB\nVmFlags: rd wr mr mw me ac " + flags + "\n";
}

TEST(ResidentPartsTest, HeapIsGlibcsMainHeapAndItsArenas) {
  const ResidentParts parts =
      Read(Mapping("55d0c0a4e000-55d0c0a6f000", "rw-p", 100, "[heap]") +
           Mapping("7f1c88000000-7f1c88021000", "rw-p", 20) +  // a multiple of 64 MiB
           Mapping("7f1c88021000-7f1c8c000000", "---p", 0));
  EXPECT_EQ(parts.heaps, 120u * 1024);
  EXPECT_EQ(parts.total(), parts.heaps);
}

TEST(ResidentPartsTest, StackOfAThreadFollowsItsGuard) {
  const ResidentParts parts = Read(Mapping("7f1c8d7fe000-7f1c8d7ff000", "---p", 0) +
                                   Mapping("7f1c8d7ff000-7f1c8dfff000", "rw-p", 12) +
                                   Mapping("7ffc3b2e9000-7ffc3b30a000", "rw-p", 24, "[stack]"));
  EXPECT_EQ(parts.stacks, 36u * 1024);
}

TEST(ResidentPartsTest, AlignedMappingOfTheProgramIsNoHeap) {
  const ResidentParts parts = Read(Mapping("7f1c78000000-7f1c88000000", "rw-p", 70) +
                                   Mapping("7f1c90000000-7f1c90021000", "rw-p", 5) +
                                   Mapping("7f1c90021000-7f1c90031000", "---p", 0));
  EXPECT_EQ(parts.anonymous, 75u * 1024);
}

TEST(ResidentPartsTest, ReservationIsNoGuard) {
  const ResidentParts parts = Read(Mapping("7f1c8d600000-7f1c8d7ff000", "---p", 0) +
                                   Mapping("7f1c8d7ff000-7f1c8dfff000", "rw-p", 12));
  EXPECT_EQ(parts.anonymous, 12u * 1024);
}

TEST(ResidentPartsTest, ZeroedDataBelongsToTheFileBeforeIt) {
  const ResidentParts parts =
      Read(Mapping("7f1c8e200000-7f1c8e221000", "r-xp", 64, "/usr/lib/libc.so.6") +
           Mapping("7f1c8e221000-7f1c8e223000", "rw-p", 8, "/usr/lib/libc.so.6") +
           Mapping("7f1c8e223000-7f1c8e230000", "rw-p", 16) +
           Mapping("7f1c8e230000-7f1c8e231000", "rw-p", 4, "/opt/heapcrest/libheapcrest.so") +
           Mapping("7f1c8e231000-7f1c8e331000", "rw-p", 32) +
           Mapping("7f1c8e400000-7f1c8e500000", "rw-p", 40));
  EXPECT_EQ(parts.files, 88u * 1024);
  EXPECT_EQ(parts.profiler, 36u * 1024);
  EXPECT_EQ(parts.anonymous, 40u * 1024);
}

TEST(ResidentPartsTest, WhatWasMappedBehindZeroedDataIsTheProgramsOwn) {
  const ResidentParts parts =
      Read(Mapping("7f1c8e221000-7f1c8e223000", "rw-p", 8, "/usr/lib/python3/_ssl.so") +
           Mapping("7f1c8e223000-7f1c8e426000", "rw-p", 2048));  // an arena is part of it
  EXPECT_EQ(parts.files, 20u * 1024);
  EXPECT_EQ(parts.anonymous, 2036u * 1024);
}

TEST(ResidentPartsTest, TablesAreTheProfilersByTheirFlags) {
  const ResidentParts parts =
      Read(Mapping("7f1c8f200000-7f1c8f221000", "rw-p", 64, "", "nr dd nh") +
           Mapping("7f1c8f300000-7f1c8f321000", "rw-p", 4, "", "nr nh"));
  EXPECT_EQ(parts.profiler, 64u * 1024);
  EXPECT_EQ(parts.anonymous, 4u * 1024);
}

TEST(ResidentPartsTest, CapturesAreTheProfilers) {
  const ResidentParts parts =
      Read(Mapping("7f1c8e200000-7f1c8e221000", "rw-s", 64, "/tmp/base.captures/7-1.capture") +
           Mapping("7f1c8f200000-7f1c8f221000", "rw-s", 4, "/tmp/base.captures.txt"));
  EXPECT_EQ(parts.profiler, 64u * 1024);
  EXPECT_EQ(parts.files, 4u * 1024);
}

TEST(ResidentPartsTest, WhatStandsBehindACaptureIsTheProgramsOwn) {
  const ResidentParts parts =
      Read(Mapping("7f1c8e230000-7f1c8e240000", "rw-s", 64, "/tmp/base.captures/12-ab.capture") +
           Mapping("7f1c8e240000-7f1c8f240000", "rw-p", 9000));
  EXPECT_EQ(parts.profiler, 64u * 1024);
  EXPECT_EQ(parts.anonymous, 9000u * 1024);
}

TEST(ResidentPartsTest, SharedMemoryIsNoFile) {
  const ResidentParts parts =
      Read(Mapping("7f1c8e200000-7f1c8e221000", "rw-s", 64, "/dev/zero (deleted)") +
           Mapping("7f1c8f200000-7f1c8f221000", "rw-s", 4, "/memfd:pool (deleted)") +
           Mapping("7f1c9f200000-7f1c9f221000", "r--p", 1, "/home/a b/data file.txt"));
  EXPECT_EQ(parts.anonymous, 68u * 1024);
  EXPECT_EQ(parts.files, 1024u);
}

TEST(ResidentPartsTest, ListIsWholeWithTheMainStack) {
  const std::string heap = Mapping("55d0c0a4e000-55d0c0a6f000", "rw-p", 100, "[heap]");
  EXPECT_FALSE(Read(heap).is_whole);
  EXPECT_TRUE(Read(heap + Mapping("7ffc3b2e9000-7ffc3b30a000", "rw-p", 24, "[stack]")).is_whole);
}

TEST(ResidentPartsTest, WhatIsNoListIsNothing) {
  EXPECT_EQ(Read("").total(), 0u);
  EXPECT_EQ(Read("Rss: 12 kB\nnonsense\n\x01\xff").total(), 0u);
}

}  // namespace
}  // namespace heapcrest
