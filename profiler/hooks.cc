// The malloc family as the program sees it. START READING HERE.
//
// Each function asks the recorder whether the block may be of interest and otherwise jumps to the
// real allocator; the frames of this library never show in a stack. Next door are operator new and
// delete (new_hooks.cc) and what is not about blocks (process_hooks.cc). Only the names in
// hooks.map are exported.
#include <stdlib.h>

#include "profiler/python/interpreter.h"
#include "profiler/python/object_hooks.h"
#include "profiler/real_allocator.h"
#include "profiler/recorder.h"

#define HEAPCREST_HOOK extern "C" __attribute__((visibility("default")))

using namespace heapcrest;  // every name below is either libc's or ours

namespace {

constexpr size_t kPageBytes = 4096;

// glibc frees for a size of 0, and returns null.
inline bool HasFailed(const void* result, size_t size) { return result == nullptr && size != 0; }

// glibc leaves a block where it is that does not grow, and programs count on it: so it stays where
// one of a size that tells would have to move.
bool MayGrowFor(void* old, size_t size) {
  const size_t bytes = HeaderBytes(old);
  return BlockBytesFor(size) > bytes || BlockBytesFor(TelltaleSize(size)) <= bytes;
}

__attribute__((noinline)) void* ReallocSlow(void* old, size_t size, bool unsampled) {
  uint64_t sample_id;
  const bool was_sample = TakeSampleSlow(old, &sample_id);
  const bool sampled = !unsampled && !t_thread.sampler.PassesAnyway(size) && DecideSlow(size);
  const size_t old_bytes = BlockBytes(old) - (was_sample ? TelltaleBytesOf(sample_id) : 0);
  const bool tells = sampled && SizesTell();
  const Request ask{tells && MayGrowFor(old, size)};
  const int saved = errno;
  void* block = g_real.realloc(old, ask(size));
  if (block == nullptr && ask.tells) {
    errno = saved;
    block = g_real.realloc(old, size);
  }
  if (tells && block != nullptr) CheckThatSizeTells(block);
  if (HasFailed(block, size)) {
    if (was_sample) PutBackSampleSlow(old, sample_id);
  } else {
    if (was_sample) RecordFreeSlow(sample_id);
    CountFreeSlow(old_bytes);
  }
  return sampled ? RecordAllocationSlow(block, size, ask.tells ? size : 0)
                 : CountAllocationSlow(block);
}

// Starts recording before main, so that a program that hardly allocates has its capture too.
__attribute__((constructor)) void StartWithTheProgram() {
  FindPythonAtStart();
  StartSlow();
  g_session.WatchProgramEnd();
  WrapPythonObjects();
}

// Behind the handlers of exit that were there before ours.
__attribute__((destructor)) void FoldAtTheEnd() { FoldSlow(&t_thread); }

}  // namespace

HEAPCREST_HOOK void* malloc(size_t size) {
  return Allocate(size, [size](Request ask) { return g_real.malloc(ask(size)); });
}

HEAPCREST_HOOK void free(void* block) {
  Free(block, [block] { g_real.free(block); });
}

HEAPCREST_HOOK void* calloc(size_t count, size_t size) {
  size_t bytes;
  if (__builtin_mul_overflow(count, size, &bytes)) return g_real.calloc(count, size);  // fails
  return Allocate(bytes, [=](Request ask) {
    return ask.tells ? g_real.calloc(1, ask(bytes)) : g_real.calloc(count, size);
  });
}

HEAPCREST_HOOK void* realloc(void* old, size_t size) {
  if (old == nullptr) return malloc(size);
  const bool unsampled = PassesUnsampled(size);
  if (!unsampled || MayTell(old)) [[unlikely]]
    return ReallocSlow(old, size, unsampled);
  const size_t old_bytes = HeaderBytes(old);
  void* block = g_real.realloc(old, size);
  if (block == nullptr) [[unlikely]] {
    if (HasFailed(block, size)) return FailSlow();
    CountFreeSlow(old_bytes);
    return nullptr;
  }
  const bool has_room = t_counts.AddFree(old_bytes);
  if (!t_counts.AddAllocation(HeaderBytes(block)) || !has_room) [[unlikely]]
    return FoldSlow(block);
  return block;
}

HEAPCREST_HOOK void* reallocarray(void* old, size_t count, size_t size) {
  size_t bytes;
  if (__builtin_mul_overflow(count, size, &bytes)) {
    errno = ENOMEM;
    return nullptr;
  }
  return realloc(old, bytes);
}

HEAPCREST_HOOK int posix_memalign(void** out, size_t alignment, size_t size) {
  int error = 0;
  void* block = Allocate(size, [&](Request ask) {
    void* made = nullptr;
    error = g_real.posix_memalign(&made, alignment, ask(size));
    return made;
  });
  if (error == 0) *out = block;
  return error;
}

HEAPCREST_HOOK void* aligned_alloc(size_t alignment, size_t size) {
  return Allocate(size, [=](Request ask) { return g_real.aligned_alloc(alignment, ask(size)); });
}

HEAPCREST_HOOK void* memalign(size_t alignment, size_t size) {
  return Allocate(size, [=](Request ask) { return g_real.memalign(alignment, ask(size)); });
}

HEAPCREST_HOOK void* valloc(size_t size) {
  return Allocate(size, [size](Request ask) { return g_real.valloc(ask(size)); });
}

HEAPCREST_HOOK void* pvalloc(size_t size) {
  if (size > PTRDIFF_MAX) return g_real.pvalloc(size);  // fails
  const size_t pages = (size + kPageBytes - 1) & ~(kPageBytes - 1);
  return Allocate(size, pages, [=](Request ask) {
    return ask.tells ? g_real.valloc(ask(pages)) : g_real.pvalloc(size);
  });
}

HEAPCREST_HOOK void free_sized(void* block, size_t size) {
  Free(block, [block, size] { g_real.free_sized(block, size); });
}

HEAPCREST_HOOK void free_aligned_sized(void* block, size_t alignment, size_t size) {
  Free(block, [block, alignment, size] { g_real.free_aligned_sized(block, alignment, size); });
}

// Without what is there for the size to tell: programs print what they are told here.
HEAPCREST_HOOK size_t malloc_usable_size(void* block) {
  const size_t bytes = g_real.malloc_usable_size(block);
  return block == nullptr ? bytes : bytes - TelltaleBytesSlow(block);
}
