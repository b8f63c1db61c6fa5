// operator new and delete as the program sees them; the malloc family is in hooks.cc.
//
// Each form goes one of three ways, chosen when the process starts:
//   direct     libstdc++ or libc++ (or none yet) is next: they only wrap malloc and free, so the
//              hooks go straight there and are recorded there
//   passed on  somebody's replacement that itself calls malloc: it does, and is recorded there
//   recorded   a replacement that does not (jemalloc, tcmalloc, mimalloc): recorded here, and part
//              of the requested bytes; but no more is counted, since nobody knows what a block
//              takes
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
  return Allocate(size, [=] { return g_real.aligned_alloc(align, bytes); });
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

// --- recorded -------------------------------------------------------------------------------

template <typename Call>
void* RecordedNew(size_t size, Call call) {
  if (PassesUnsampled(size) || t_thread.sampler.PassesAnyway(size)) [[likely]]
    return call();
  const bool sampled = DecideSlow(size);
  void* block = call();
  return sampled ? RecordUncountedSlow(block, size) : block;
}

template <typename Call>
void RecordedDelete(void* block, Call call) {
  uint64_t sample_id;
  if (MayBeSample(block) && TakeSampleSlow(block, &sample_id)) RecordFreeSlow(sample_id);
  call();
}

template <const Operators* kReal>
constexpr Operators kRecorded = {
    [](size_t n) { return RecordedNew(n, [n] { return kReal->plain(n); }); },
    [](size_t n, Nothrow t) { return RecordedNew(n, [n, &t] { return kReal->nothrow(n, t); }); },
    [](size_t n, Align a) { return RecordedNew(n, [n, a] { return kReal->aligned(n, a); }); },
    [](size_t n, Align a, Nothrow t) {
      return RecordedNew(n, [n, a, &t] { return kReal->aligned_nothrow(n, a, t); });
    },
    [](void* p) { RecordedDelete(p, [p] { kReal->drop(p); }); },
    [](void* p, size_t n) { RecordedDelete(p, [p, n] { kReal->drop_sized(p, n); }); },
    [](void* p, Nothrow t) { RecordedDelete(p, [p, &t] { kReal->drop_nothrow(p, t); }); },
    [](void* p, Align a) { RecordedDelete(p, [p, a] { kReal->drop_aligned(p, a); }); },
    [](void* p, size_t n, Align a) {
      RecordedDelete(p, [p, n, a] { kReal->drop_sized_aligned(p, n, a); });
    },
    [](void* p, Align a, Nothrow t) {
      RecordedDelete(p, [p, a, &t] { kReal->drop_aligned_nothrow(p, a, t); });
    },
};

// --- the choice -----------------------------------------------------------------------------

// Where the exported operators go.
constinit Operators g_object = kDirect;
constinit Operators g_array = kDirect;

template <typename Function>
void Choose(Function real, bool records, Function recorded, Function* target) {
  if (real == nullptr) return;
  // The standard library's own forms call a simpler form, which is ours again.
  const bool standard = IsInStandardLibrary(reinterpret_cast<void*>(real));
  *target = records && !standard ? recorded : real;
}

void ChooseAll(const Operators& real, bool records, const Operators& recorded, Operators* target) {
  Choose(real.plain, records, recorded.plain, &target->plain);
  Choose(real.nothrow, records, recorded.nothrow, &target->nothrow);
  Choose(real.aligned, records, recorded.aligned, &target->aligned);
  Choose(real.aligned_nothrow, records, recorded.aligned_nothrow, &target->aligned_nothrow);
  Choose(real.drop, records, recorded.drop, &target->drop);
  Choose(real.drop_sized, records, recorded.drop_sized, &target->drop_sized);
  Choose(real.drop_nothrow, records, recorded.drop_nothrow, &target->drop_nothrow);
  Choose(real.drop_aligned, records, recorded.drop_aligned, &target->drop_aligned);
  Choose(real.drop_sized_aligned, records, recorded.drop_sized_aligned,
         &target->drop_sized_aligned);
  Choose(real.drop_aligned_nothrow, records, recorded.drop_aligned_nothrow,
         &target->drop_aligned_nothrow);
}

__attribute__((constructor)) void ChooseOperators() {
  if (FindOperators(&g_real_object, &g_real_array)) return;
  const bool records = !ReachesMalloc(g_real_object);
  ChooseAll(g_real_object, records, kRecorded<&g_real_object>, &g_object);
  ChooseAll(g_real_array, records, kRecorded<&g_real_array>, &g_array);
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
