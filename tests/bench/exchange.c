// Two threads that allocate for each other: each frees what the other allocated, through a ring of
// 1,024 blocks in either direction.
//
//   exchange BLOCKS   allocated by each thread
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { kRing = 1024 };
static _Atomic(void*) rings[2][kRing];
static uint64_t blocks;

// Puts its own blocks into one ring and takes the other's out of the second.
static void* Work(void* argument) {
  const uintptr_t self = (uintptr_t)argument;
  uint64_t random = self + 88172645463325252u;
  uint64_t put = 0, taken = 0;
  while (put < blocks || taken < blocks) {
    const uint64_t before = put + taken;
    if (put < blocks) {
      _Atomic(void*)* place = &rings[self][put % kRing];
      if (atomic_load_explicit(place, memory_order_acquire) == NULL) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        atomic_store_explicit(place, malloc(16 + (random >> 33) % 500), memory_order_release);
        ++put;
      }
    }
    if (taken < blocks) {
      void* block = atomic_exchange_explicit(&rings[1 - self][taken % kRing], NULL,
                                             memory_order_acq_rel);
      if (block != NULL) {
        free(block);
        ++taken;
      }
    }
    if (put + taken == before) sched_yield();  // the other thread may wait for our processor
  }
  return NULL;
}

int main(int argc, char** argv) {
  blocks = argc > 1 ? strtoull(argv[1], NULL, 10) : 20000000;
  pthread_t threads[2];
  for (uintptr_t i = 0; i < 2; ++i) pthread_create(&threads[i], NULL, Work, (void*)i);
  for (int i = 0; i < 2; ++i) pthread_join(threads[i], NULL);
  puts("done");
  return 0;
}
