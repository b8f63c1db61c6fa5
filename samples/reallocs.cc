// realloc in all its ways: one that fails and keeps its block, one that grows, one that shrinks,
// one that frees.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "samples/keep.h"

NOINLINE char* AllocateKept() { return static_cast<char*>(Keep(malloc(1'000'000))); }

// The size is more than any machine has: the block must stay what and where it was.
NOINLINE void* FailToGrow(void* block) {
  return realloc(block, Keep(reinterpret_cast<char*>(SIZE_MAX / 4)) - static_cast<char*>(nullptr));
}

NOINLINE void* Grow() { return Keep(realloc(Keep(malloc(1'000)), 2'000'000)); }
NOINLINE void* Shrink() { return Keep(realloc(Keep(malloc(4'000'000)), 500'000)); }

int main() {
  char* kept = AllocateKept();
  memset(kept, 7, 1'000'000);
  int wrong = FailToGrow(kept) != nullptr;
  for (int i = 0; i < 1'000'000; ++i) wrong += kept[i] != 7;
  void* grown = Grow();
  void* shrunk = Shrink();
  wrong += realloc(Keep(malloc(3'000)), 0) != nullptr;
  printf("wrong %d\n", wrong);
  free(grown);
  free(shrunk);
  free(kept);
  return wrong;
}
