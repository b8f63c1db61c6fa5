// Threads that come and go by the thousand. Each leaves one block behind, frees nine others, and
// allocates once more while the thread is torn down.
//
// threads [count]
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

#include "samples/keep.h"

struct Farewell {
  bool armed = false;
  ~Farewell();
};

NOINLINE void* AllocateInTeardown() { return Keep(malloc(500)); }

Farewell::~Farewell() {
  if (armed) AllocateInTeardown();
}

thread_local Farewell farewell;

NOINLINE void* KeepBlock() { return Keep(malloc(1'000)); }
NOINLINE void DropBlock() { free(Keep(malloc(2'000))); }

void Work() {
  farewell.armed = true;
  KeepBlock();
  for (int i = 0; i < 9; ++i) DropBlock();
}

int main(int argc, char** argv) {
  const int count = argc > 1 ? atoi(argv[1]) : 2000;
  for (int begun = 0; begun < count;) {
    std::vector<std::thread> crew;
    for (int i = 0; i < 20 && begun < count; ++i, ++begun) crew.emplace_back(Work);
    for (std::thread& thread : crew) thread.join();
  }
  printf("threads %d\n", count);
}
