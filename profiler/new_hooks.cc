// operator new and delete as the program sees them; the malloc family is in hooks.cc.
//
// Each form goes one of four ways, chosen when the process starts:
//   direct     libstdc++ or libc++ (or none yet) is next: they only wrap malloc and free, so the
//              hooks go straight there and are recorded there
//   passed on  somebody's replacement that itself calls malloc: it does, and is recorded there
//   counted    a replacement that does not, of the library that has malloc too (jemalloc, tcmalloc,
//              mimalloc): counted and recorded here, as in hooks.cc
//   recorded   any other replacement: recorded here, and part of the requested bytes; but no more
//              is counted, since nobody knows what a block takes
#include <stdlib.h>

#include "profiler/next_definition.h"
#include "profiler/operators.h"
#include "profiler/real_allocator.h"
#include "profiler/recorder.h"

#define HEAPCREST_HOOK __attribute__((visibility("default")))

using namespace heapcrest;

namespace {

// What the next library defines, found when needed.
Operators g_real_object, g_real_array;

// The next definition runs the new handler and throws; it must exist, since somebody's code was
// linked against it.
template <typename Function>
Function Real(Function* slot, const char* symbol) {
  if (*slot == nullptr) {
    FindNext(symbol, slot);
    if (*slot == nullptr) abort();
  }
  return *slot;
}

// --- direct ---------------------------------------------------------------------------------

void* DirectNew(size_t size) {
  void* block = malloc(size == 0 ? 1 : size);
  if (block != nullptr) [[likely]]
    return block;
  return Real(&g_real_object.plain, "_Znwm")(size);
}

void* DirectNewNothrow(size_t size, Nothrow nothrow) {
  void* block = malloc(size == 0 ? 1 : size);
  if (block != nullptr) [[likely]]
    return block;
  return Real(&g_real_object.nothrow, "_ZnwmRKSt9nothrow_t")(size, nothrow);
}

// As libstdc++ does it: aligned_alloc wants a multiple of the alignment, C11 7.22.3.1.
void* AlignedBlock(size_t size, Align alignment) {
  const auto align = static_cast<size_t>(alignment);
  size_t bytes = size == 0 ? 1 : size;
  if (__builtin_add_overflow(bytes, align - 1, &bytes)) return nullptr;
  bytes &= ~(align - 1);
  return Allocate(size, bytes,
                  [=](Request ask) { return g_real.aligned_alloc(align, ask(bytes)); });
}

void* DirectNewAligned(size_t size, Align alignment) {
  void* block = AlignedBlock(size, alignment);
  if (block != nullptr) [[likely]]
    return block;
  return Real(&g_real_object.aligned, "_ZnwmSt11align_val_t")(size, alignment);
}

void* DirectNewAlignedNothrow(size_t size, Align alignment, Nothrow nothrow) {
  void* block = AlignedBlock(size, alignment);
  if (block != nullptr) [[likely]]
    return block;
  return Real(&g_real_object.aligned_nothrow, "_ZnwmSt11align_val_tRKSt9nothrow_t")(size, alignment,
                                                                                    nothrow);
}

constexpr Operators kDirect = {
    DirectNew,
    DirectNewNothrow,
    DirectNewAligned,
    DirectNewAlignedNothrow,
    [](void* block) { free(block); },
    [](void* block, size_t) { free(block); },
    [](void* block, Nothrow) { free(block); },
    [](void* block, Align) { free(block); },
    [](void* block, size_t, Align) { free(block); },
    [](void* block, Align, Nothrow) { free(block); },
};

// --- counted, recorded ----------------------------------------------------------------------

template <bool kCounts, typename Call>
void* RecordedNew(size_t size, Call call) {
  if constexpr (kCounts) {
    return PassesUnsampled(size) ? call()
                                 : AllocateSlow(size, size, [call](Request) { return call(); });
  }
  if (PassesUnsampled(size) || t_thread.sampler.PassesAnyway(size)) [[likely]]
    return call();
  const bool sampled = DecideSlow(size);
  void* block = call();
  return sampled ? RecordUncountedSlow(block, size) : block;
}

template <bool kCounts, typename Call>
void RecordedDelete(void* block, Call call) {
  if (block == nullptr) return call();
  if constexpr (kCounts) return FreeSlow(block, call);
  uint64_t sample_id;
  if (MayBeSample(block) && TakeSampleSlow(block, &sample_id)) RecordFreeSlow(sample_id);
  call();
}

template <const Operators* kReal, bool kCounts>
constexpr Operators kRecorded = {
    [](size_t n) { return RecordedNew<kCounts>(n, [n] { return kReal->plain(n); }); },
    [](size_t n, Nothrow t) {
      return RecordedNew<kCounts>(n, [n, &t] { return kReal->nothrow(n, t); });
    },
    [](size_t n, Align a) {
      return RecordedNew<kCounts>(n, [n, a] { return kReal->aligned(n, a); });
    },
    [](size_t n, Align a, Nothrow t) {
      return RecordedNew<kCounts>(n, [n, a, &t] { return kReal->aligned_nothrow(n, a, t); });
    },
    [](void* p) { RecordedDelete<kCounts>(p, [p] { kReal->drop(p); }); },
    [](void* p, size_t n) { RecordedDelete<kCounts>(p, [p, n] { kReal->drop_sized(p, n); }); },
    [](void* p, Nothrow t) { RecordedDelete<kCounts>(p, [p, &t] { kReal->drop_nothrow(p, t); }); },
    [](void* p, Align a) { RecordedDelete<kCounts>(p, [p, a] { kReal->drop_aligned(p, a); }); },
    [](void* p, size_t n, Align a) {
      RecordedDelete<kCounts>(p, [p, n, a] { kReal->drop_sized_aligned(p, n, a); });
    },
    [](void* p, Align a, Nothrow t) {
      RecordedDelete<kCounts>(p, [p, a, &t] { kReal->drop_aligned_nothrow(p, a, t); });
    },
};

// --- the choice -----------------------------------------------------------------------------

// Where the exported operators go.
constinit Operators g_object = kDirect;
constinit Operators g_array = kDirect;

template <const Operators* kReal>
void ChooseAll(Operators* target) {
  if (kReal->plain == nullptr) return;
  // The blocks of an allocator's own operators are like those of its malloc.
  const bool counts =
      KnowsBlockBytes() && IsFromRealAllocator(reinterpret_cast<void*>(kReal->plain));
  ChooseWays(*kReal, counts ? kRecorded<kReal, true> : kRecorded<kReal, false>, target);
}

__attribute__((constructor)) void ChooseOperators() {
  if (FindOperators(&g_real_object, &g_real_array)) return;
  FindRealAllocator();
  ChooseAll<&g_real_object>(&g_object);
  ChooseAll<&g_real_array>(&g_array);
}

}  // namespace

HEAPCREST_HOOK void* operator new(size_t n) { return g_object.plain(n); }
HEAPCREST_HOOK void* operator new[](size_t n) { return g_array.plain(n); }
HEAPCREST_HOOK void* operator new(size_t n, Nothrow t) noexcept { return g_object.nothrow(n, t); }
HEAPCREST_HOOK void* operator new[](size_t n, Nothrow t) noexcept { return g_array.nothrow(n, t); }
HEAPCREST_HOOK void* operator new(size_t n, Align a) { return g_object.aligned(n, a); }
HEAPCREST_HOOK void* operator new[](size_t n, Align a) { return g_array.aligned(n, a); }
HEAPCREST_HOOK void* operator new(size_t n, Align a, Nothrow t) noexcept {
  return g_object.aligned_nothrow(n, a, t);
}
HEAPCREST_HOOK void* operator new[](size_t n, Align a, Nothrow t) noexcept {
  return g_array.aligned_nothrow(n, a, t);
}
HEAPCREST_HOOK void operator delete(void* p) noexcept { g_object.drop(p); }
HEAPCREST_HOOK void operator delete[](void* p) noexcept { g_array.drop(p); }
HEAPCREST_HOOK void operator delete(void* p, size_t n) noexcept { g_object.drop_sized(p, n); }
HEAPCREST_HOOK void operator delete[](void* p, size_t n) noexcept { g_array.drop_sized(p, n); }
HEAPCREST_HOOK void operator delete(void* p, Nothrow t) noexcept { g_object.drop_nothrow(p, t); }
HEAPCREST_HOOK void operator delete[](void* p, Nothrow t) noexcept { g_array.drop_nothrow(p, t); }
HEAPCREST_HOOK void operator delete(void* p, Align a) noexcept { g_object.drop_aligned(p, a); }
HEAPCREST_HOOK void operator delete[](void* p, Align a) noexcept { g_array.drop_aligned(p, a); }
HEAPCREST_HOOK void operator delete(void* p, size_t n, Align a) noexcept {
  g_object.drop_sized_aligned(p, n, a);
}
HEAPCREST_HOOK void operator delete[](void* p, size_t n, Align a) noexcept {
  g_array.drop_sized_aligned(p, n, a);
}
HEAPCREST_HOOK void operator delete(void* p, Align a, Nothrow t) noexcept {
  g_object.drop_aligned_nothrow(p, a, t);
}
HEAPCREST_HOOK void operator delete[](void* p, Align a, Nothrow t) noexcept {
  g_array.drop_aligned_nothrow(p, a, t);
}
