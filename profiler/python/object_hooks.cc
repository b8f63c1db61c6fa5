#include "profiler/python/object_hooks.h"

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "profiler/python/arena_hooks.h"
#include "profiler/python/interpreter.h"
#include "profiler/python/memory.h"
#include "profiler/python/pools.h"
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

enum Layer { kRaw, kMem, kObject, kLayers };  // PyMemAllocatorDomain

constinit Allocator g_wrapped[kLayers] = {};  // the interpreter's own; written before ours is used

// After the countdown turned negative for an object that was counted.
template <Layer kLayer, typename Call>
void* AllocateObjectSlow(size_t size, Call real) {
  const bool sampled = !t_thread.sampler.PassesAnyway(size) && DecideSlow(size);
  void* object = real();
  if (object != nullptr && !g_python_pools.Fit(object, size)) {  // not pymalloc as we know it
    DoNotCountFreedObjects();
  }
  return sampled ? RecordObjectSlow(object, size, kLayer == kObject) : object;
}

// Counts an object. True: surely not sampled.
inline bool CountsUnsampled(size_t size) {
  const bool unsampled = PassesUnsampled(size);
  t_thread.objects.Add(size);
  return unsampled;
}

// The fast ways end in a jump to the interpreter's function: no frame of ours, nothing saved.
template <Layer kLayer>
__attribute__((noinline)) void* ObjectMallocSlow(void* context, size_t size) {
  return AllocateObjectSlow<kLayer>(size, [=] { return g_wrapped[kLayer].malloc(context, size); });
}

// Of more than pymalloc's limit: malloc's hook has counted it, and sampled it or not.
template <Layer kLayer>
void* NoteLarge(void* block, size_t size) {
  if (kLayer == kObject && ~reinterpret_cast<uintptr_t>(block) == t_thread.not_last_block)
      [[unlikely]]
    NoteLargeObjectSlow(block, size);
  return block;
}

template <Layer kLayer>
__attribute__((noinline)) void* ObjectMallocLarge(void* context, size_t size) {
  return NoteLarge<kLayer>(g_wrapped[kLayer].malloc(context, size), size);
}

template <Layer kLayer>
void* ObjectMalloc(void* context, size_t size) {
  if (!IsObjectSize(size)) [[unlikely]]
    return ObjectMallocLarge<kLayer>(context, size);
  if (!CountsUnsampled(size)) [[unlikely]]
    return ObjectMallocSlow<kLayer>(context, size);
  return g_wrapped[kLayer].malloc(context, size);
}

template <Layer kLayer>
__attribute__((noinline)) void* ObjectCallocSlow(void* context, size_t count, size_t size) {
  return AllocateObjectSlow<kLayer>(count * size,
                                    [=] { return g_wrapped[kLayer].calloc(context, count, size); });
}

template <Layer kLayer>
__attribute__((noinline)) void* ObjectCallocLarge(void* context, size_t count, size_t size) {
  return NoteLarge<kLayer>(g_wrapped[kLayer].calloc(context, count, size), count * size);
}

template <Layer kLayer>
void* ObjectCalloc(void* context, size_t count, size_t size) {
  const size_t bytes = count * size;  // the interpreter refuses what overflows
  if (!IsObjectSize(bytes)) [[unlikely]]
    return ObjectCallocLarge<kLayer>(context, count, size);
  if (!CountsUnsampled(bytes)) [[unlikely]]
    return ObjectCallocSlow<kLayer>(context, count, size);
  return g_wrapped[kLayer].calloc(context, count, size);
}

// Hot. Counts an object that is about to be freed.
inline void CountFreed(const void* block) {
  if (g_python_pools.Hold(block)) t_thread.objects.AddFree(g_python_pools.ClassOf(block));
}

// What a realloc may take away.
struct OldObject {
  explicit OldObject(const void* old)
      : block(old),
        is_counted(g_python_pools.Hold(old)),
        size_class(is_counted ? g_python_pools.ClassOf(old) : 0) {}

  const void* block;
  bool is_counted;
  size_t size_class;
};

// Counts what a realloc gave for `old`. A block that malloc made stays malloc's, however small: its
// hook has then been asked since there were `requested` bytes. (So it has, for the one object in
// thousands for which pymalloc enlarges its tables; that one is not counted.)
template <Layer kLayer>
void* CountReallocated(OldObject old, void* block, size_t size, int64_t requested) {
  const bool is_object =
      block != nullptr && IsObjectSize(size) && t_thread.sampler.Requested() == requested;
  // One that stays where it is stays of its class, however small it becomes.
  if (old.is_counted && block != nullptr)
    t_thread.objects.AddFree(block == old.block ? ObjectClassOf(size) : old.size_class);
  if (!is_object) return NoteLarge<kLayer>(block, size);
  if (CountsUnsampled(size)) return block;
  return AllocateObjectSlow<kLayer>(size, [block] { return block; });
}

template <Layer kLayer>
__attribute__((noinline)) void* ObjectReallocSlow(void* context, void* old, size_t size) {
  uint64_t sample_id;
  const bool was_sample = TakeObjectSampleSlow(old, &sample_id);  // malloc's hook sees its own
  const int64_t requested = t_thread.sampler.Requested();
  const OldObject object(old);
  void* block = g_wrapped[kLayer].realloc(context, old, size);
  if (was_sample && block == nullptr) PutBackSampleSlow(old, sample_id);
  if (was_sample && block != nullptr) RecordFreeSlow(sample_id);
  return CountReallocated<kLayer>(object, block, size, requested);
}

// Of any size: from malloc to pymalloc, back, or within either.
template <Layer kLayer>
void* ObjectRealloc(void* context, void* old, size_t size) {
  if (old == nullptr) return ObjectMalloc<kLayer>(context, size);
  if (MayBeSample(old)) [[unlikely]]
    return ObjectReallocSlow<kLayer>(context, old, size);
  const int64_t requested = t_thread.sampler.Requested();
  const OldObject object(old);
  void* block = g_wrapped[kLayer].realloc(context, old, size);
  return CountReallocated<kLayer>(object, block, size, requested);
}

template <Layer kLayer>
__attribute__((noinline)) void ObjectFreeSlow(void* context, void* block) {
  uint64_t sample_id;  // malloc's hook sees its own, and knows which bytes it had not counted
  if (TakeObjectSampleSlow(block, &sample_id)) RecordFreeAheadSlow(sample_id);
  CountFreed(block);
  g_wrapped[kLayer].free(context, block);
}

template <Layer kLayer>
void ObjectFree(void* context, void* block) {
  if (MayBeSample(block)) [[unlikely]]
    return ObjectFreeSlow<kLayer>(context, block);
  CountFreed(block);
  return g_wrapped[kLayer].free(context, block);
}

template <Layer kLayer>
Allocator OursFor(const Allocator& wrapped) {
  return {wrapped.context, ObjectMalloc<kLayer>, ObjectCalloc<kLayer>, ObjectRealloc<kLayer>,
          ObjectFree<kLayer>};
}

// pymalloc, with nothing in front of it.
bool IsPlain(const Allocator& allocator, const Allocator& raw) {
  return allocator.context == nullptr && allocator.malloc != raw.malloc;
}

// A debugging layer in front of `inner` alone (struct debug_alloc_api_t), as PYTHONMALLOC=debug
// puts it there when the interpreter starts, without ours. What it is asked for is what the program
// asks for.
bool IsDebuggingLayer(const Allocator& present, const Allocator& inner) {
  struct {
    char domain;
    Allocator inner;
  } debug;
  return present.context != nullptr &&
         ReadGuarded(static_cast<const uint8_t*>(present.context), &debug, sizeof(debug)) &&
         debug.inner == inner;
}

template <Layer kLayer>
void Wrap(const PythonInterpreter& python) {
  Allocator raw, present;
  python.get_allocator(kRaw, &raw);
  python.get_allocator(kLayer, &present);
  // Anything else may have ours inside of it, and would be called by it for ever.
  Allocator& wrapped = g_wrapped[kLayer];
  const bool is_first = wrapped.malloc == nullptr;
  const bool is_bare =
      is_first ? IsPlain(present, raw) : present == wrapped || IsDebuggingLayer(present, wrapped);
  if (!is_bare) return;
  if (!is_first) DoNotCountFreedObjects();  // some came unseen
  wrapped = present;
  const Allocator ours = OursFor<kLayer>(present);
  python.set_allocator(kLayer, &ours);
}

// False: there is nothing to wrap.
bool WrapBoth(const PythonInterpreter& python) {
  // Without a GIL its tables must not change under other threads, and its allocator is another one.
  if (python.layout.free_threaded || !MapsArenas(python)) return false;
  Wrap<kMem>(python);
  Wrap<kObject>(python);
  return g_wrapped[kMem].malloc != nullptr && g_wrapped[kObject].malloc != nullptr;
}

}  // namespace

void WrapPythonObjects() {
  const PythonInterpreter* python = Python();
  if (python == nullptr || !WrapBoth(*python)) return;
  WrapArenas(*python);
}

void WrapPythonObjectsSlow() {
  static std::atomic<bool> is_done{false};
  const PythonInterpreter* python = Python();
  if (python == nullptr || is_done.load(std::memory_order_relaxed)) return;
  if (!HoldsPythonLock(*python) || is_done.exchange(true)) return;
  WrapBoth(*python);
}

}  // namespace heapcrest
