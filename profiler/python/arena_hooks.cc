#include "profiler/python/arena_hooks.h"

#include <atomic>
#include <cstddef>

#include "profiler/probe.h"
#include "profiler/python/pools.h"

namespace heapcrest {
namespace {

// PyObjectArenaAllocator
struct ArenaAllocator {
  void* context;
  void* (*alloc)(void* context, size_t size);
  void (*free)(void* context, void* arena, size_t size);
};

constinit ArenaAllocator g_arenas = {};  // the interpreter's own; written before ours is used
std::atomic<bool> g_counts_freed{false};

void* AllocateArena(void* context, size_t size) {
  void* arena = g_arenas.alloc(context, size);
  if (arena != nullptr && !g_python_pools.Add(arena, size)) DoNotCountFreedObjects();
  return arena;
}

void FreeArena(void* context, void* arena, size_t size) {
  g_python_pools.Remove(arena, size);
  g_arenas.free(context, arena, size);
}

}  // namespace

bool MapsArenas(const PythonInterpreter& python) {
  constexpr size_t kArenaBytes = 256 * 1024;
  if (g_arenas.alloc == nullptr) python.get_arena_allocator(&g_arenas);
  const auto make = [] { return g_arenas.alloc(g_arenas.context, kArenaBytes); };
  const auto release = [](void* arena) {
    if (arena != nullptr) g_arenas.free(g_arenas.context, arena, kArenaBytes);
  };
  return !ProbeReach(make, release).make;
}

void WrapArenas(const PythonInterpreter& python) {
  const ArenaAllocator ours = {g_arenas.context, AllocateArena, FreeArena};
  python.set_arena_allocator(&ours);
  g_counts_freed.store(true, std::memory_order_relaxed);
}

bool CountsFreedObjects() { return g_counts_freed.load(std::memory_order_relaxed); }

void DoNotCountFreedObjects() { g_counts_freed.store(false, std::memory_order_relaxed); }

}  // namespace heapcrest
