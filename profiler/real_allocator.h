// The allocator that the program would have without us: the next definition of each function in
// the order of loading, be it libc's, jemalloc's or tcmalloc's.
//
// Every pointer starts out at a resolver, so that a hook can call through it from the first moment
// on. dlsym itself may allocate: while it runs, requests are served from a small block of our own,
// whose memory is never given back.
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
  size_t (*usable_size)(void*);  // of an allocator that is not glibc's, or nullptr
};

extern RealAllocator g_real __attribute__((visibility("hidden")));

// Whether that is glibc's, whose blocks say their size in the word before them.
extern bool g_real_is_glibc __attribute__((visibility("hidden")));

// Finds that out, if it was not yet.
void FindRealAllocator();

// Hot. How many bytes of the heap a block of glibc's takes, header and padding included.
// REQUIRES: the block is alive, and none of the bootstrap's.
inline size_t HeaderBytes(const void* block) {
  constexpr size_t kFlags = 7;
  return static_cast<const size_t*>(block)[-1] & ~kFlags;
}

// Of other allocators a block takes what is usable of it; some are not to be asked.
inline bool KnowsBlockBytes() { return g_real_is_glibc || g_real.usable_size != nullptr; }

// How many bytes of the heap any block takes. 0: of the bootstrap, or nobody knows.
size_t BlockBytes(void* block);

// Whether `block` was served while dlsym ran: not the real allocator's to free.
bool IsBootstrapBlock(const void* block);

// The definition of a function that a caller would find without us: the next one in the order of
// loading or, for a library that was loaded with RTLD_LOCAL, one among its own dependencies.
// nullptr when there is none.
void* FindNext(const char* symbol, const void* caller);

}  // namespace heapcrest
