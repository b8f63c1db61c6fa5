// operator new and delete as the program sees them; the malloc family is in hooks.cc.
//
// Each form goes one of three ways, chosen when the process starts:
//   direct     libstdc++ or libc++ (or none yet) is next: they only wrap malloc and free, so the
//              hooks go straight there and are counted there
//   passed on  somebody's replacement that itself calls malloc: it does, and is counted there
//   counted    a replacement that does not (jemalloc, tcmalloc, mimalloc): counted here
#include <stdlib.h>

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
    *slot = reinterpret_cast<Function>(FindNext(symbol, __builtin_return_address(0)));
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
  return Recorded(g_real.aligned_alloc(align, bytes), size);
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

// --- counted --------------------------------------------------------------------------------

template <typename Call>
void CountedDelete(void* block, Call call) {
  uint64_t sample_id;
  if (MayBeSample(block) && TakeSampleSlow(block, &sample_id)) RecordFreeSlow(sample_id);
  call();
}

template <const Operators* kReal>
constexpr Operators kCounted = {
    [](size_t n) { return RecordedUncounted(kReal->plain(n), n); },
    [](size_t n, Nothrow t) { return RecordedUncounted(kReal->nothrow(n, t), n); },
    [](size_t n, Align a) { return RecordedUncounted(kReal->aligned(n, a), n); },
    [](size_t n, Align a, Nothrow t) {
      return RecordedUncounted(kReal->aligned_nothrow(n, a, t), n);
    },
    [](void* p) { CountedDelete(p, [p] { kReal->drop(p); }); },
    [](void* p, size_t n) { CountedDelete(p, [p, n] { kReal->drop_sized(p, n); }); },
    [](void* p, Nothrow t) { CountedDelete(p, [p, &t] { kReal->drop_nothrow(p, t); }); },
    [](void* p, Align a) { CountedDelete(p, [p, a] { kReal->drop_aligned(p, a); }); },
    [](void* p, size_t n, Align a) {
      CountedDelete(p, [p, n, a] { kReal->drop_sized_aligned(p, n, a); });
    },
    [](void* p, Align a, Nothrow t) {
      CountedDelete(p, [p, a, &t] { kReal->drop_aligned_nothrow(p, a, t); });
    },
};

// --- the choice -----------------------------------------------------------------------------

// Where the exported operators go.
constinit Operators g_object = kDirect;
constinit Operators g_array = kDirect;

template <typename Function>
void Choose(Function real, bool counts, Function counted, Function* target) {
  if (real == nullptr) return;
  // The standard library's own forms call a simpler form, which is ours again.
  const bool standard = IsInStandardLibrary(reinterpret_cast<void*>(real));
  *target = counts && !standard ? counted : real;
}

void ChooseAll(const Operators& real, bool counts, const Operators& counted, Operators* target) {
  Choose(real.plain, counts, counted.plain, &target->plain);
  Choose(real.nothrow, counts, counted.nothrow, &target->nothrow);
  Choose(real.aligned, counts, counted.aligned, &target->aligned);
  Choose(real.aligned_nothrow, counts, counted.aligned_nothrow, &target->aligned_nothrow);
  Choose(real.drop, counts, counted.drop, &target->drop);
  Choose(real.drop_sized, counts, counted.drop_sized, &target->drop_sized);
  Choose(real.drop_nothrow, counts, counted.drop_nothrow, &target->drop_nothrow);
  Choose(real.drop_aligned, counts, counted.drop_aligned, &target->drop_aligned);
  Choose(real.drop_sized_aligned, counts, counted.drop_sized_aligned, &target->drop_sized_aligned);
  Choose(real.drop_aligned_nothrow, counts, counted.drop_aligned_nothrow,
         &target->drop_aligned_nothrow);
}

__attribute__((constructor)) void ChooseOperators() {
  if (FindOperators(&g_real_object, &g_real_array)) return;
  const bool counts = !ReachesMalloc(g_real_object);
  ChooseAll(g_real_object, counts, kCounted<&g_real_object>, &g_object);
  ChooseAll(g_real_array, counts, kCounted<&g_real_array>, &g_array);
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
