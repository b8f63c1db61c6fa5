// The same with threads and signal handlers.
#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include <atomic>
#include <cstring>
#include <thread>
#include <vector>

#include "profiler/recorder.h"
#include "tests/profiler/hooked_process.h"

namespace heapcrest {
namespace {

uint64_t Random(uint64_t* state) {
  *state = *state * 6364136223846793005u + 1442695040888963407u;
  return *state >> 33;
}

void RunThreads(int count, void* (*body)(void*)) {
  std::vector<pthread_t> threads(static_cast<size_t>(count));
  for (pthread_t& thread : threads) {
    ASSERT_EQ(pthread_create(&thread, nullptr, body, nullptr), 0);
  }
  for (const pthread_t thread : threads) pthread_join(thread, nullptr);
}

std::atomic<void*> g_slots[4096];
std::atomic<uint64_t> g_seed{1};

void* ExchangeBlocks(void*) {
  uint64_t random = g_seed.fetch_add(1);
  for (int i = 0; i < 100'000; ++i) {
    free(g_slots[Random(&random) % std::size(g_slots)].exchange(malloc(Random(&random) % 400)));
  }
  return nullptr;
}

void FreeSlots() {
  for (std::atomic<void*>& slot : g_slots) free(slot.exchange(nullptr));
}

TEST(HookThreadsTest, ThatFreeEachOthersBlocks) {
  Stretch stretch;
  RunThreads(8, ExchangeBlocks);
  stretch.ExpectExact();
  Stretch rest;
  FreeSlots();
  rest.ExpectExact();
  EXPECT_LE(rest.counted().freed, 4096);
}

TEST(HookThreadsTest, OfWhichOneAllocatesAndOneFrees) {
  Stretch stretch;
  RunThreads(1, [](void*) -> void* {
    std::thread consumer([] {
      for (int i = 0; i < 100'000; ++i) {
        void* block;
        while ((block = g_slots[i % 1000].exchange(nullptr)) == nullptr) std::this_thread::yield();
        free(block);
      }
    });
    for (int i = 0; i < 100'000; ++i) {
      while (g_slots[i % 1000] != nullptr) std::this_thread::yield();
      g_slots[i % 1000] = malloc(static_cast<size_t>(i % 500));
    }
    consumer.join();
    return nullptr;
  });
  stretch.ExpectExact();
}

TEST(HookThreadsTest, ThatComeAndGoByTheThousand) {
  Stretch stretch;
  for (int i = 0; i < 1000; ++i) {
    RunThreads(4, [](void*) -> void* {
      void* block = malloc(100);
      g_slots[g_seed.fetch_add(1) % std::size(g_slots)] = malloc(10);  // for ever
      free(block);
      return nullptr;
    });
  }
  stretch.ExpectExact();
  EXPECT_GE(stretch.counted().allocated, 8000);
  for (std::atomic<void*>& slot : g_slots) slot = nullptr;
}

pthread_key_t g_keys[3];
std::atomic<int> g_rounds{0};

// As destructors do that are called in several rounds: frees, allocates, and wants to come again.
void OnExit(void* value) {
  free(value);
  g_rounds += 1;
  pthread_setspecific(g_keys[g_rounds % 3], malloc(5000));
  free(malloc(100));
}

struct Local {
  std::vector<int> numbers = std::vector<int>(1000);
  ~Local() { free(malloc(3000)); }
};
thread_local Local t_local;

TEST(HookThreadsTest, WhoseDestructorsAllocateAndFree) {
  for (pthread_key_t& key : g_keys) ASSERT_EQ(pthread_key_create(&key, OnExit), 0);
  Stretch stretch;
  RunThreads(8, [](void*) -> void* {
    t_local.numbers[0] = 1;
    pthread_setspecific(g_keys[0], malloc(1000));
    return nullptr;
  });
  stretch.ExpectExact();
  EXPECT_GT(g_rounds, 8);
  for (const pthread_key_t key : g_keys) pthread_key_delete(key);
}

TEST(HookThreadsTest, OnlyFreeing) {
  for (std::atomic<void*>& slot : g_slots) slot = malloc(100);
  Stretch stretch;
  RunThreads(1, [](void*) -> void* {
    FreeSlots();
    return nullptr;
  });
  stretch.ExpectExact();
  EXPECT_LE(stretch.counted().live, -4096 * 112 + 10'000);
}

TEST(HookThreadsTest, PeakIsKnownToOneInFiveHundred) {
  BeginPeak();
  static std::atomic<int> arrived;
  arrived = 0;
  RunThreads(4, [](void*) -> void* {
    std::vector<void*> blocks;
    for (int i = 0; i < 100'000; ++i) blocks.push_back(malloc(static_cast<size_t>(i % 300)));
    for (arrived += 1; arrived < 4;) std::this_thread::yield();
    for (void* block : blocks) free(block);
    return nullptr;
  });
  const Peak peak = EndPeak();
  EXPECT_GT(peak.truth, 60'000'000);
  EXPECT_NEAR(static_cast<double>(peak.counted), static_cast<double>(peak.truth),
              static_cast<double>(peak.truth) / 500);
}

// --- signal handlers ------------------------------------------------------------------------

// The C library's own functions may not be interrupted by themselves; these may: blocks in turn,
// each with a header.
alignas(64) char g_pool[1 << 16][64];
std::atomic<size_t> g_pool_next{0};

void* PoolMalloc(size_t) {
  char* block = g_pool[g_pool_next.fetch_add(1) % std::size(g_pool)] + 16;
  const size_t header = 48 | 1;
  memcpy(block - 8, &header, sizeof(header));
  return block;
}

constexpr int64_t kSignals = 2000;
std::atomic<int64_t> g_handled{0};
pthread_t g_interrupted;
std::atomic<bool> g_has_begun{false};

void OnSignal(int) {
  void* block = malloc(20);
  void* kept = malloc(30);
  asm volatile("" : : "r"(kept) : "memory");
  free(block);
  g_handled += 1;
}

TEST(HookSignalsTest, HandlerThatAllocatesLosesNoCount) {
  signal(SIGALRM, OnSignal);
  g_interrupted = pthread_self();
  pthread_t disturber;
  Stretch stretch;
  const RealAllocator before = g_real;
  ASSERT_EQ(pthread_create(
                &disturber, nullptr,
                [](void*) -> void* {
                  while (!g_has_begun) std::this_thread::yield();
                  while (g_handled < kSignals) pthread_kill(g_interrupted, SIGALRM);
                  return nullptr;
                },
                nullptr),
            0);
  g_real.malloc = PoolMalloc;
  g_real.free = [](void*) {};
  g_has_begun = true;
  int64_t allocated = 0, freed = 0;
  for (; g_handled < kSignals; ++allocated) {
    void* block = malloc(25);
    asm volatile("" : : "r"(block) : "memory");
    if (allocated % 4 == 0) continue;
    free(block);
    ++freed;
  }
  signal(SIGALRM, SIG_IGN);
  g_real = before;
  pthread_join(disturber, nullptr);
  stretch.End();
  const int64_t handled = g_handled;
  const Totals pool = stretch.counted() - stretch.truth();  // pthread_create allocates too
  EXPECT_EQ(pool.allocated, allocated + 2 * handled);
  EXPECT_EQ(pool.requested, 25 * allocated + 50 * handled);
  EXPECT_EQ(pool.freed, freed + handled);
  EXPECT_EQ(pool.live, 48 * (allocated - freed + handled));
}

}  // namespace
}  // namespace heapcrest
