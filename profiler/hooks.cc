// The malloc family as the program sees it. START READING HERE.
//
// Each function asks the recorder whether the block may be of interest and otherwise jumps to the
// real allocator; the frames of this library never show in a stack. operator new and delete are
// next door in new_hooks.cc. Only the names in hooks.map are exported.
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "profiler/python/interpreter.h"
#include "profiler/python/object_hooks.h"
#include "profiler/real_allocator.h"
#include "profiler/recorder.h"

#define HEAPCREST_HOOK extern "C" __attribute__((visibility("default")))

using namespace heapcrest;  // every name below is either libc's or ours

namespace {

// Called where the program called: its frame is the one to record.
template <typename Call>
inline __attribute__((always_inline)) void* Allocate(size_t size, Call real) {
  if (PassesUnsampled(size)) [[likely]]
    return real();
  return AllocateSlow(size, real);
}

template <typename Call>
inline __attribute__((always_inline)) void Free(void* block, Call real) {
  if (!MayBeSample(block)) [[likely]]
    return real();
  if (IsBootstrapBlock(block)) return;
  FreeSlow(block, real);
}

// libc's dlsym got this block from us before there was a malloc.
void* MoveBootstrapBlock(void* block, size_t size) {
  void* moved = malloc(size);
  size_t room;
  memcpy(&room, static_cast<char*>(block) - 16, sizeof(room));
  if (moved != nullptr) memcpy(moved, block, size < room ? size : room);
  return moved;
}

__attribute__((noinline)) void* ReallocSlow(void* old, size_t size, bool unsampled) {
  if (IsBootstrapBlock(old)) return MoveBootstrapBlock(old, size);
  uint64_t sample_id;
  const bool was_sample = TakeSampleSlow(old, &sample_id);
  const bool sampled = !unsampled && DecideSlow(size);
  void* block = g_real.realloc(old, size);
  const bool failed = block == nullptr && size != 0;  // glibc frees for a size of 0
  if (was_sample && failed) PutBackSampleSlow(old, sample_id);
  if (was_sample && !failed) RecordFreeSlow(sample_id);
  if (sampled && block != nullptr) RecordAllocationSlow(block, size);
  return block;
}

// Starts recording before main, so that a program that hardly allocates has its capture too.
__attribute__((constructor)) void StartWithTheProgram() {
  ResolveExit();
  FindPythonAtStart();
  StartSlow();
  WrapPythonObjects();
}

}  // namespace

HEAPCREST_HOOK void* malloc(size_t size) {
  return Allocate(size, [size] { return g_real.malloc(size); });
}

HEAPCREST_HOOK void free(void* block) {
  Free(block, [block] { g_real.free(block); });
}

HEAPCREST_HOOK void* calloc(size_t count, size_t size) {
  // A product that overflows makes the real calloc fail, and then nothing is recorded.
  return Allocate(count * size, [count, size] { return g_real.calloc(count, size); });
}

HEAPCREST_HOOK void* realloc(void* old, size_t size) {
  const bool unsampled = PassesUnsampled(size);
  if (unsampled && !MayBeSample(old)) [[likely]]
    return g_real.realloc(old, size);
  return ReallocSlow(old, size, unsampled);
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
  if (PassesUnsampled(size)) [[likely]]
    return g_real.posix_memalign(out, alignment, size);
  int error = 0;
  void* block = AllocateSlow(size, [&error, alignment, size]() -> void* {
    void* aligned = nullptr;
    error = g_real.posix_memalign(&aligned, alignment, size);
    return error == 0 ? aligned : nullptr;
  });
  if (error == 0) *out = block;  // untouched on failure
  return error;
}

HEAPCREST_HOOK void* aligned_alloc(size_t alignment, size_t size) {
  return Allocate(size, [alignment, size] { return g_real.aligned_alloc(alignment, size); });
}

HEAPCREST_HOOK void* memalign(size_t alignment, size_t size) {
  return Allocate(size, [alignment, size] { return g_real.memalign(alignment, size); });
}

HEAPCREST_HOOK void* valloc(size_t size) {
  return Allocate(size, [size] { return g_real.valloc(size); });
}

HEAPCREST_HOOK void* pvalloc(size_t size) {
  return Allocate(size, [size] { return g_real.pvalloc(size); });
}

HEAPCREST_HOOK void free_sized(void* block, size_t size) {
  Free(block, [block, size] { g_real.free_sized(block, size); });
}

HEAPCREST_HOOK void free_aligned_sized(void* block, size_t alignment, size_t size) {
  Free(block, [block, alignment, size] { g_real.free_aligned_sized(block, alignment, size); });
}

// Not of the family: addresses of an unloaded library may come to mean other code.
HEAPCREST_HOOK int dlclose(void* library) {
  const int result = g_real.dlclose(library);
  g_session.NoteUnload();
  return result;
}

// A forked child's usual way out: only its parent would learn the status.
HEAPCREST_HOOK __attribute__((noreturn)) void _exit(int status) {
  g_session.NoteExit(status);
  g_real._exit(status);
  __builtin_unreachable();
}

HEAPCREST_HOOK __attribute__((noreturn)) void _Exit(int status) { _exit(status); }
