#include "profiler/python/object_hooks.h"

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "profiler/python/interpreter.h"
#include "profiler/recorder.h"

namespace heapcrest {
namespace {

// PyMemAllocatorEx
struct Allocator {
  void* context;
  void* (*malloc)(void* context, size_t size);
  void* (*calloc)(void* context, size_t count, size_t size);
  void* (*realloc)(void* context, void* block, size_t size);
  void (*free)(void* context, void* block);

  bool operator==(const Allocator&) const = default;
};

enum Domain { kRaw, kMem, kObject, kDomains };

// pymalloc takes what is larger from malloc, and what is empty (SMALL_REQUEST_THRESHOLD).
constexpr size_t kMostPymallocBytes = 512;

Allocator g_wrapped[kDomains];  // the interpreter's own; written before ours is used

inline bool IsSmall(size_t size) { return size - 1 < kMostPymallocBytes; }

// What the allocator below takes from malloc meanwhile is the block at hand, not another one.
class CountedAlready {
 public:
  CountedAlready() : countdown_(t_thread.sampler.countdown) {}
  ~CountedAlready() { t_thread.sampler.countdown = countdown_; }

 private:
  const ForOurselves for_ourselves_;
  const int64_t countdown_;
};

// The fast ways end in a jump to the interpreter's function: no frame of ours, nothing saved.
template <Domain kDomain>
__attribute__((noinline)) void* ObjectMallocSlow(void* context, size_t size) {
  return AllocateSlow(size, [=] { return g_wrapped[kDomain].malloc(context, size); });
}

template <Domain kDomain>
void* ObjectMalloc(void* context, size_t size) {
  if (IsSmall(size) && !PassesUnsampled(size)) [[unlikely]]
    return ObjectMallocSlow<kDomain>(context, size);
  return g_wrapped[kDomain].malloc(context, size);
}

template <Domain kDomain>
__attribute__((noinline)) void* ObjectCallocSlow(void* context, size_t count, size_t size) {
  return AllocateSlow(count * size,
                      [=] { return g_wrapped[kDomain].calloc(context, count, size); });
}

template <Domain kDomain>
void* ObjectCalloc(void* context, size_t count, size_t size) {
  const size_t bytes = count * size;  // the interpreter refuses what overflows
  if (IsSmall(bytes) && !PassesUnsampled(bytes)) [[unlikely]]
    return ObjectCallocSlow<kDomain>(context, count, size);
  return g_wrapped[kDomain].calloc(context, count, size);
}

template <Domain kDomain>
__attribute__((noinline)) void* ObjectReallocSlow(void* context, void* old, size_t size,
                                                  bool unsampled) {
  uint64_t sample_id;
  const bool was_sample = TakeSampleSlow(old, &sample_id);
  const bool sampled = !unsampled && DecideSlow(size);
  void* block;
  {
    const CountedAlready counted_already;
    block = g_wrapped[kDomain].realloc(context, old, size);
  }
  if (was_sample && block == nullptr) PutBackSampleSlow(old, sample_id);
  if (was_sample && block != nullptr) RecordFreeSlow(sample_id);
  if (sampled && block != nullptr) RecordAllocationSlow(block, size);
  return block;
}

// Of any size: from malloc to pymalloc, back, or within either.
template <Domain kDomain>
void* ObjectRealloc(void* context, void* old, size_t size) {
  if (old == nullptr) return ObjectMalloc<kDomain>(context, size);
  const bool unsampled = PassesUnsampled(size);
  if (!unsampled || MayBeSample(old)) [[unlikely]]
    return ObjectReallocSlow<kDomain>(context, old, size, unsampled);
  const CountedAlready counted_already;
  return g_wrapped[kDomain].realloc(context, old, size);
}

template <Domain kDomain>
__attribute__((noinline)) void ObjectFreeSlow(void* context, void* block) {
  FreeSlow(block, [=] { g_wrapped[kDomain].free(context, block); });
}

template <Domain kDomain>
void ObjectFree(void* context, void* block) {
  if (MayBeSample(block)) [[unlikely]]
    return ObjectFreeSlow<kDomain>(context, block);
  return g_wrapped[kDomain].free(context, block);
}

template <Domain kDomain>
Allocator OursFor(const Allocator& wrapped) {
  return {wrapped.context, ObjectMalloc<kDomain>, ObjectCalloc<kDomain>, ObjectRealloc<kDomain>,
          ObjectFree<kDomain>};
}

// pymalloc, with nothing in front of it: a debugging layer's sizes are not the program's.
bool IsPlain(const Allocator& allocator, const Allocator& raw) {
  return allocator.context == nullptr && allocator.malloc != raw.malloc;
}

template <Domain kDomain>
void Wrap(const PythonInterpreter& python) {
  Allocator raw, present;
  python.get_allocator(kRaw, &raw);
  python.get_allocator(kDomain, &present);
  // Anything else may have ours inside of it, and would be called by it for ever.
  const bool is_first = g_wrapped[kDomain].malloc == nullptr;
  if (is_first ? !IsPlain(present, raw) : present != g_wrapped[kDomain]) return;
  g_wrapped[kDomain] = present;
  const Allocator ours = OursFor<kDomain>(present);
  python.set_allocator(kDomain, &ours);
}

void WrapBoth(const PythonInterpreter& python) {
  // Without a GIL its tables must not change under other threads, and its allocator is another one.
  if (python.layout.free_threaded) return;
  Wrap<kMem>(python);
  Wrap<kObject>(python);
}

}  // namespace

void WrapPythonObjects() {
  if (const PythonInterpreter* python = Python()) WrapBoth(*python);
}

void WrapPythonObjectsSlow() {
  static std::atomic<bool> is_done{false};
  const PythonInterpreter* python = Python();
  if (python == nullptr || is_done.load(std::memory_order_relaxed)) return;
  if (!HoldsPythonLock(*python) || is_done.exchange(true)) return;
  WrapBoth(*python);
}

}  // namespace heapcrest
