// Folds into a sum of its own, beside the truth. The hooks' use of it: hooks_test.cc.
#include "profiler/counters.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <memory>
#include <thread>
#include <vector>

namespace heapcrest {
namespace {

constexpr int64_t kMostBlockBytes = 512;

uint64_t Random(uint64_t* state) {
  *state = *state * 6364136223846793005u + 1442695040888963407u;
  return *state >> 33;
}

// A thread that allocates and frees, and what a reader of its folds would know of it.
struct Thread {
  ThreadCounts counts;
  Sampler sampler;
  Counts folded = {};
  int folds = 0;

  void Allocate(size_t bytes) {
    if (!counts.AddAllocation(bytes)) Fold();
  }
  void Free(size_t bytes) {
    if (!counts.AddFree(bytes)) Fold();
  }
  void Fold() {
    Counts more;
    ASSERT_TRUE(counts.Take(&sampler, &more));
    folded.allocated += more.allocated;
    folded.requested_bytes += more.requested_bytes;
    folded.freed += more.freed;
    folded.live_block_bytes += more.live_block_bytes;
    ++folds;
  }
};

class CountersTest : public testing::Test {
 protected:
  void SetUp() override { ForgetCounts(); }
};

TEST_F(CountersTest, FoldsAddUpToWhatWasCounted) {
  Thread thread;
  CountThread(1);
  uint64_t random = 1, allocated = 0, freed = 0;
  int64_t live = 0;
  for (int i = 0; i < 100'000; ++i) {
    const size_t bytes = Random(&random) % kMostBlockBytes + 8;
    if (Random(&random) % 2 == 0) {
      thread.Allocate(bytes);
      live += static_cast<int64_t>(bytes);
      ++allocated;
    } else {
      thread.Free(bytes);
      live -= static_cast<int64_t>(bytes);
      ++freed;
    }
  }
  thread.Fold();
  EXPECT_EQ(thread.folded.allocated, allocated);
  EXPECT_EQ(thread.folded.freed, freed);
  EXPECT_EQ(thread.folded.live_block_bytes, live);
}

TEST_F(CountersTest, ThreadWhoseLiveBytesStayTheSameNeverFolds) {
  Thread thread;
  CountThread(1);
  thread.Allocate(100);
  thread.Fold();
  for (int i = 0; i < 100'000; ++i) {
    thread.Allocate(1000);
    thread.Free(1000);
  }
  EXPECT_EQ(thread.folds, 2);  // the first block of all, and the one above
}

TEST_F(CountersTest, GrowingThreadFoldsFiveHundredTimesForEachFactorOfE) {
  Thread thread;
  CountThread(1);
  thread.Allocate(4 << 20);
  const int before = thread.folds;
  for (int64_t bytes = 0; bytes < 64 << 20; bytes += 64) thread.Allocate(64);
  // ln 17 * 512
  EXPECT_LT(thread.folds - before, 1600);
  EXPECT_GT(thread.folds - before, 1300);
}

TEST_F(CountersTest, BlockLargerThanTheShareIsFoldedAtOnce) {
  Thread thread;
  CountThread(1);
  thread.Allocate(100);
  thread.Allocate(1 << 30);
  EXPECT_EQ(thread.folded.live_block_bytes, 100 + (1 << 30));
  thread.Free(1 << 30);
  EXPECT_EQ(thread.folded.live_block_bytes, 100);
}

TEST_F(CountersTest, ThreadsThatBeginOneAfterTheOtherKeepNoMoreThanOneStep) {
  constexpr int64_t kLive = 100'000'000;
  std::vector<Thread> threads(100);
  int64_t unsaid = 0;
  for (Thread& thread : threads) {
    CountThread(1);
    thread.Allocate(kLive / threads.size());
  }
  for (Thread& thread : threads) {
    while (thread.counts.AddAllocation(16)) unsaid += 16;
  }
  EXPECT_GT(unsaid, PeakStep(kLive) / 2);
  EXPECT_LT(unsaid, PeakStep(kLive) * 5 / 4);
}

TEST_F(CountersTest, ThreadThatWasTurnedOffNeverFolds) {
  Thread thread;
  thread.counts.TurnOff();
  for (int i = 0; i < 1000; ++i) {
    EXPECT_TRUE(thread.counts.AddAllocation(1 << 30));
    EXPECT_TRUE(thread.counts.AddFree(1 << 20));
  }
}

TEST_F(CountersTest, EndingThreadFoldsEachBlock) {
  Thread thread;
  CountThread(1);
  thread.Allocate(5000);
  thread.Allocate(10);
  thread.counts.FoldEach();
  thread.Fold();
  EXPECT_EQ(thread.folded.live_block_bytes, 5010);
  for (int i = 1; i <= 100; ++i) {
    thread.Allocate(16);
    EXPECT_EQ(thread.folded.live_block_bytes, 5026);
    thread.Free(16);
    EXPECT_EQ(thread.folded.live_block_bytes, 5010);
  }
}

TEST_F(CountersTest, RequestedBytesAreThoseOfTheSampler) {
  Thread thread;
  thread.sampler.Start(65536, 1);
  uint64_t requested = 0;
  for (uint64_t size = 1; size < 100'000; size += 99) {
    if (thread.sampler.Subtract(size) < 0) thread.sampler.CoversMark(size);
    requested += size;
  }
  thread.sampler.Subtract(77);
  thread.sampler.Withdraw(77);
  thread.Fold();
  EXPECT_EQ(thread.folded.requested_bytes, requested);
  thread.Fold();
  EXPECT_EQ(thread.folded.requested_bytes, requested);
}

// Threads take turns in a fixed order, so the truth is known at every moment; their number and how
// far live bytes swing vary.
struct Swing {
  int threads;
  int64_t least, most;
};

class PeakOfManyThreads : public testing::TestWithParam<Swing> {
 protected:
  void SetUp() override { ForgetCounts(); }
};

TEST_P(PeakOfManyThreads, IsKnownToOneInFiveHundred) {
  const auto [count, least, most] = GetParam();
  std::vector<Thread> threads(static_cast<size_t>(count));
  CountThread(count);
  uint64_t random = 7;
  int64_t live = 0, peak = 0, known = 0, known_peak = 0;
  bool grows = true;
  for (int i = 0; i < 2'000'000; ++i) {
    Thread& thread = threads[Random(&random) % threads.size()];
    if (live > most) grows = false;
    if (live < least) grows = true;
    const auto bytes = static_cast<int64_t>(Random(&random) % kMostBlockBytes);
    // Frees come to whichever thread; a third of the steps go against the trend.
    const bool allocates = grows == (Random(&random) % 3 != 0) || live < kMostBlockBytes;
    const int64_t before = thread.folded.live_block_bytes;
    allocates ? thread.Allocate(static_cast<size_t>(bytes))
              : thread.Free(static_cast<size_t>(bytes));
    live += allocates ? bytes : -bytes;
    peak = std::max(peak, live);
    known += thread.folded.live_block_bytes - before;
    known_peak = std::max(known_peak, known);
  }
  const int64_t step = std::max<int64_t>(4096, peak / 512);
  EXPECT_NEAR(static_cast<double>(known_peak), static_cast<double>(peak),
              static_cast<double>(step + count * kMostBlockBytes));
}

INSTANTIATE_TEST_SUITE_P(Swings, PeakOfManyThreads,
                         testing::Values(Swing{1, 0, 2 << 20}, Swing{2, 1 << 20, 2 << 20},
                                         Swing{8, 0, 8 << 20}, Swing{16, 6 << 20, 8 << 20}));

TEST_F(CountersTest, LiveBytesOfThreadsThatFreeEachOthersBlocksAddUp) {
  constexpr int kThreads = 8, kRounds = 20'000;
  std::atomic<int64_t> live{0};
  std::vector<std::unique_ptr<Thread>> parts;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    Thread* part = parts.emplace_back(std::make_unique<Thread>()).get();
    threads.emplace_back([part, t, &live] {
      CountThread(1);
      uint64_t random = static_cast<uint64_t>(t);
      int64_t change = 0;
      for (int i = 0; i < kRounds; ++i) {
        const auto allocated = static_cast<int64_t>(Random(&random) % kMostBlockBytes);
        const auto freed = static_cast<int64_t>(Random(&random) % kMostBlockBytes);
        part->Allocate(static_cast<size_t>(allocated));
        part->Free(static_cast<size_t>(freed));
        change += allocated - freed;
      }
      live += change;
      part->counts.FoldEach();
      part->Fold();
      CountThread(-1);
    });
  }
  for (std::thread& thread : threads) thread.join();
  int64_t folded = 0;
  for (const auto& part : parts) folded += part->folded.live_block_bytes;
  EXPECT_EQ(folded, live);
}

}  // namespace
}  // namespace heapcrest
