// realloc in all its ways: one that fails and keeps its block, one that grows, one that shrinks,
// one that frees.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "samples/keep.h"

NOINLINE char* AllocateKept() { return static_cast<char*>(Keep(malloc(1'000'000))); }

// More than any machine has: the block must stay what and where it was.
static volatile size_t too_much = SIZE_MAX / 4;

NOINLINE void* FailToGrow(void* block) { return realloc(block, too_much); }

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
