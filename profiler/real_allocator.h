// The allocator that the program would have without us: the next definition of each function in
// the order of loading, be it libc's, jemalloc's or tcmalloc's.
//
// Every pointer starts out at a resolver, so that a hook can call through it from the first moment
// on.
//
// Thread-safe. Called from hooks: yes. Allocates: never.
#pragma once

#include <cstddef>
#include <cstdint>

namespace heapcrest {

struct RealAllocator {
  void* (*malloc)(size_t);
  void* (*calloc)(size_t, size_t);
  void* (*realloc)(void*, size_t);
  void (*free)(void*);
  int (*posix_memalign)(void**, size_t, size_t);
  void* (*aligned_alloc)(size_t, size_t);
  void* (*memalign)(size_t, size_t);
  void* (*valloc)(size_t);
  void* (*pvalloc)(size_t);
  void (*free_sized)(void*, size_t);
  void (*free_aligned_sized)(void*, size_t, size_t);
  size_t (*malloc_usable_size)(void*);
  size_t (*usable_size)(void*);  // the same, of an allocator that is not glibc's, or nullptr
};

extern RealAllocator g_real __attribute__((visibility("hidden")));

// Whether that is glibc's, whose blocks say their size in the word before them.
extern bool g_real_is_glibc __attribute__((visibility("hidden")));

// Finds that out, if it was not yet.
void FindRealAllocator();

// Hot. The word before a block of glibc's: its bytes, a multiple of 16, and flags.
// REQUIRES: the block is alive.
inline size_t HeaderOf(const void* block) { return static_cast<const size_t*>(block)[-1]; }

// Hot. How many bytes of the heap such a block takes, header and padding included.
inline size_t HeaderBytes(const void* block) {
  constexpr size_t kFlags = 7;
  return HeaderOf(block) & ~kFlags;
}

// Of other allocators a block takes what is usable of it; some are not to be asked.
inline bool KnowsBlockBytes() { return g_real_is_glibc || g_real.usable_size != nullptr; }

// Whether a function is of the library that has the real malloc.
bool IsFromRealAllocator(void* function);

// How many bytes of the heap any block takes. 0: nobody knows.
size_t BlockBytes(void* block);

// Whether calls of some of these functions never reach us: the program itself defines them, or a
// library that comes before ours.
bool ProgramHasPartOfTheFamily();

}  // namespace heapcrest
