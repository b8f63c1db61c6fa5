// The slow path at work on a capture of its own, in this process.
#include "profiler/recorder.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <thread>
#include <vector>

#include "profiler/format/varint.h"

namespace heapcrest {
namespace {

namespace fs = std::filesystem;

// Records with interval 1 into a folder of its own; the session is one for the whole program.
class RecorderTest : public testing::Test {
 protected:
  static fs::path Folder() {
    static const fs::path folder = [] {
      char name[] = "/tmp/heapcrest-recorder-XXXXXX";
      const fs::path made = mkdtemp(name);
      setenv("HEAPCREST_CAPTURES", made.c_str(), 1);
      setenv("HEAPCREST_INTERVAL", "1", 1);
      return made;
    }();
    return folder;
  }
  static void TearDownTestSuite() { fs::remove_all(Folder()); }
  void SetUp() override { Folder(); }

  // An allocation of `size` bytes at `address`, sampled for sure. There is no block, so its header
  // is left alone.
  static void Allocate(uintptr_t address, size_t size) {
    if (!PassesUnsampled(size) && DecideSlow(size)) {
      RecordUncountedSlow(reinterpret_cast<void*>(address), size);
    }
  }
  static bool Free(uintptr_t address) {
    uint64_t id;
    if (!MayBeSample(reinterpret_cast<void*>(address))) return false;
    if (!TakeSampleSlow(reinterpret_cast<void*>(address), &id)) return false;
    RecordFreeSlow(id);
    return true;
  }

  static void OnSignal(int) {
    Allocate(0x700000, 100);
    Free(0x700000);
  }

  // How many records of each kind the capture of a process holds.
  static std::map<int, int> Count(pid_t pid) {
    std::map<int, int> kinds;
    for (const auto& entry : fs::directory_iterator(Folder())) {
      if (!entry.path().filename().string().starts_with(std::to_string(pid) + "-")) continue;
      std::ifstream in(entry.path(), std::ios::binary);
      const std::string bytes((std::istreambuf_iterator<char>(in)), {});
      const auto* data = reinterpret_cast<const uint8_t*>(bytes.data());
      for (size_t at = kCaptureHeaderBytes; at + kChunkBytes <= bytes.size(); at += kChunkBytes) {
        ChunkHeader header;
        memcpy(&header, data + at, sizeof(header));
        if (header.magic != kChunkMagic) continue;
        const uint8_t* record = data + at + sizeof(header);
        while (record < data + at + header.used) {
          ++kinds[*record++];
          uint64_t length = 0;
          EXPECT_TRUE(GetVarint(&record, data + at + header.used, &length));
          record += length;
        }
      }
    }
    return kinds;
  }
};

TEST_F(RecorderTest, PreservesErrno) {
  errno = 4711;
  Allocate(0x2000, 100);
  EXPECT_EQ(errno, 4711);
  Free(0x2000);
  EXPECT_EQ(errno, 4711);
}

TEST_F(RecorderTest, FreeOfAnotherAddressRecordsNothing) {
  Allocate(0x3000, 100);
  EXPECT_FALSE(Free(0x3010));  // shares the filter's counter
  EXPECT_TRUE(Free(0x3000));
  EXPECT_FALSE(Free(0x3000));
}

TEST_F(RecorderTest, SampleThatWasPutBackIsFreedLater) {
  Allocate(0x4000, 100);
  uint64_t id;
  ASSERT_TRUE(TakeSampleSlow(reinterpret_cast<void*>(0x4000), &id));
  EXPECT_FALSE(MayBeSample(reinterpret_cast<void*>(0x4000)));
  PutBackSampleSlow(reinterpret_cast<void*>(0x4000), id);
  EXPECT_TRUE(Free(0x4000));
}

TEST_F(RecorderTest, EveryRecordOfManyThreadsIsInTheCapture) {
  std::map<int, int> before = Count(getpid());
  std::vector<std::thread> threads;
  for (uintptr_t t = 1; t <= 8; ++t) {
    threads.emplace_back([t] {
      for (uintptr_t i = 0; i < 5000; ++i) {
        Allocate((t << 32) + i * 64, 10 + i);
        if (i >= 10) Free((t << 32) + (i - 10) * 64);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::map<int, int> after = Count(getpid());
  EXPECT_EQ(after[1] - before[1], 8 * 5000);
  EXPECT_EQ(after[2] - before[2], 8 * 4990);
}

TEST_F(RecorderTest, ForkedChildOpensACaptureOfItsOwnWithoutItsParentsBlocks) {
  Allocate(0x5000, 100);
  const std::map<int, int> before = Count(getpid());
  const pid_t child = fork();
  if (child == 0) {
    // Inherited: not the child's to free.
    const bool inherited = Free(0x5000);
    Allocate(0x6000, 100);
    const bool own = Free(0x6000);
    _exit(!inherited && own ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(Count(getpid()), before);
  std::map<int, int> of_child = Count(child);
  EXPECT_EQ(of_child[1], 1);
  EXPECT_EQ(of_child[2], 1);
  EXPECT_TRUE(Free(0x5000));
}

TEST_F(RecorderTest, SignalHandlerMayAllocateAtAnyMoment) {
  signal(SIGALRM, OnSignal);
  std::atomic<bool> stop{false};
  const pthread_t self = pthread_self();
  std::thread disturber([&] {
    while (!stop) pthread_kill(self, SIGALRM);
  });
  for (uintptr_t i = 1; i <= 20000; ++i) {
    Allocate(0x10000000 + i * 64, 100);
    ASSERT_TRUE(Free(0x10000000 + i * 64));
  }
  stop = true;
  disturber.join();
  std::map<int, int> kinds = Count(getpid());
  EXPECT_GT(kinds[1], 20000);
}

}  // namespace
}  // namespace heapcrest
