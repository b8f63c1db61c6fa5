// The whole allocation family: each function from a caller of its own with a size of its own, all
// live together at the peak; then all freed, each by a deallocation that fits.
#include <malloc.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <new>

#include "samples/keep.h"

// C23, newer than glibc 2.36: there when a profiler or an allocator brings them.
extern "C" void free_sized(void* pointer, size_t size) __attribute__((weak));
extern "C" void free_aligned_sized(void* pointer, size_t alignment, size_t size)
    __attribute__((weak));

constexpr std::align_val_t kWide{256};

NOINLINE void* ByMalloc() { return Keep(malloc(100'000)); }
NOINLINE void* ByCalloc() { return Keep(calloc(100, 2'000)); }
NOINLINE void* ByRealloc() { return Keep(realloc(Keep(malloc(10)), 300'000)); }
NOINLINE void* ByReallocarray() { return Keep(reallocarray(nullptr, 400, 1'000)); }
NOINLINE void* ByPosixMemalign() {
  void* pointer = nullptr;
  return posix_memalign(&pointer, 64, 500'000) == 0 ? Keep(pointer) : nullptr;
}
NOINLINE void* ByAlignedAlloc() { return Keep(aligned_alloc(64, 600'000)); }
NOINLINE void* ByMemalign() { return Keep(memalign(128, 700'000)); }
NOINLINE void* ByValloc() { return Keep(valloc(800'000)); }
NOINLINE void* ByPvalloc() { return Keep(pvalloc(901'120)); }  // 220 pages
NOINLINE void* ByNew() { return Keep(::operator new(1'000'000)); }
NOINLINE void* ByNewArray() { return Keep(::operator new[](1'100'000)); }
NOINLINE void* ByNewNothrow() { return Keep(::operator new(1'200'000, std::nothrow)); }
NOINLINE void* ByNewArrayNothrow() { return Keep(::operator new[](1'300'000, std::nothrow)); }
NOINLINE void* ByNewAligned() { return Keep(::operator new(1'400'000, kWide)); }
NOINLINE void* ByNewArrayAligned() { return Keep(::operator new[](1'500'000, kWide)); }
NOINLINE void* ByNewAlignedNothrow() {
  return Keep(::operator new(1'600'000, kWide, std::nothrow));
}
NOINLINE void* ByNewArrayAlignedNothrow() {
  return Keep(::operator new[](1'700'000, kWide, std::nothrow));
}

int main() {
  void* const blocks[] = {ByMalloc(),
                          ByCalloc(),
                          ByRealloc(),
                          ByReallocarray(),
                          ByPosixMemalign(),
                          ByAlignedAlloc(),
                          ByMemalign(),
                          ByValloc(),
                          ByPvalloc(),
                          ByNew(),
                          ByNewArray(),
                          ByNewNothrow(),
                          ByNewArrayNothrow(),
                          ByNewAligned(),
                          ByNewArrayAligned(),
                          ByNewAlignedNothrow(),
                          ByNewArrayAlignedNothrow()};
  int wrong = 0;
  for (void* block : blocks) wrong += block == nullptr;
  for (int i = 13; i < 17; ++i) wrong += reinterpret_cast<uintptr_t>(blocks[i]) % 256 != 0;
  if (free_sized != nullptr) {
    free_sized(blocks[0], 100'000);
  } else {
    free(blocks[0]);
  }
  for (int i = 1; i < 5; ++i) free(blocks[i]);
  if (free_aligned_sized != nullptr) {
    free_aligned_sized(blocks[5], 64, 600'000);
  } else {
    free(blocks[5]);
  }
  for (int i = 6; i < 9; ++i) free(blocks[i]);
  ::operator delete(blocks[9], 1'000'000);
  ::operator delete[](blocks[10], 1'100'000);
  ::operator delete(blocks[11], std::nothrow);
  ::operator delete[](blocks[12], std::nothrow);
  ::operator delete(blocks[13], 1'400'000, kWide);
  ::operator delete[](blocks[14], 1'500'000, kWide);
  ::operator delete(blocks[15], kWide, std::nothrow);
  ::operator delete[](blocks[16], kWide, std::nothrow);
  printf("wrong %d\n", wrong);
  return wrong;
}
