// Holds old and new at once, or looks as if it did: a vector that grows, a realloc that grows, a
// cache that makes room; or buffers that are freed again at once.
//   copies vector|realloc|cache|buffers
#include <cstdlib>
#include <cstring>
#include <deque>
#include <string>
#include <vector>

#include "samples/keep.h"

NOINLINE static void Push(std::vector<int>* numbers, int number) { numbers->push_back(number); }

NOINLINE static void KeepSmall() { Keep(malloc(100)); }

static void GrowVector() {
  for (int i = 0; i < 20'000; ++i) KeepSmall();
  std::vector<int> numbers;
  for (int i = 0; i <= 1 << 22; ++i) Push(&numbers, i);
  Keep(numbers.data());
}

NOINLINE static void* Grow(void* block, size_t size) {
  return memset(Keep(realloc(block, size)), 1, size);
}

static void GrowByRealloc() {
  void* block = nullptr;
  for (size_t size = 1 << 20; size <= 1 << 24; size *= 2) block = Grow(block, size);
  free(block);
}

// The first block leaves when the next one has come: larger ones for smaller ones, too.
NOINLINE static void Insert(std::deque<void*>* cache, size_t size) {
  cache->push_back(memset(Keep(malloc(size)), 1, size));
  if (cache->size() <= 8) return;
  free(cache->front());
  cache->pop_front();
}

static void FillCache() {
  std::deque<void*> cache;
  for (size_t i = 0; i < 500; ++i) Insert(&cache, 100'000 + i * 7'919 % 300'000);
}

NOINLINE static void Format() { free(memset(Keep(malloc(2'000)), 1, 2'000)); }

int main(int argc, char** argv) {
  const std::string how = argc > 1 ? argv[1] : "vector";
  if (how == "vector") GrowVector();
  if (how == "realloc") GrowByRealloc();
  if (how == "cache") FillCache();
  for (int i = 0; how == "buffers" && i < 10'000; ++i) Format();
}
