// Four threads that allocate, free, and free each other's blocks, without an end: for tests that
// kill it at a random moment. Every thread also holds 1,000 blocks of 1,000 B from its start.
//
// busy [seconds]
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <thread>
#include <vector>

#include "samples/keep.h"

constexpr int kThreads = 4;
constexpr size_t kSlots = 4096;

static std::atomic<void*> slots[kSlots];
static std::atomic<bool> stop{false};

NOINLINE void* Hold() { return Keep(malloc(1'000)); }
NOINLINE void* Take(size_t size) { return Keep(malloc(size)); }

static void Work(unsigned seed) {
  std::minstd_rand random(seed);
  for (int i = 0; i < 1000; ++i) Hold();
  while (!stop.load(std::memory_order_relaxed)) {
    free(slots[random() % kSlots].exchange(Take(16 + random() % 2000)));
  }
}

int main(int argc, char** argv) {
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) threads.emplace_back(Work, i + 1);
  puts("busy");
  fflush(stdout);
  std::this_thread::sleep_for(std::chrono::seconds(argc > 1 ? atoi(argv[1]) : 3600));
  stop = true;
  for (std::thread& thread : threads) thread.join();
}
