#include "profiler/real_allocator.h"

#include <dlfcn.h>
#include <errno.h>
#include <link.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstring>

#include "profiler/recorder.h"
#include "profiler/resolve.h"

namespace heapcrest {
namespace {

alignas(16) char g_bootstrap[16 * 1024];
std::atomic<size_t> g_bootstrap_used{0};

void* BootstrapAllocate(size_t bytes) {
  bytes = (bytes + 31) & ~size_t{15};  // 16 for the size in front
  if (bytes > sizeof(g_bootstrap)) return nullptr;
  const size_t at = g_bootstrap_used.fetch_add(bytes);
  if (at + bytes > sizeof(g_bootstrap)) return nullptr;
  char* block = g_bootstrap + at + 16;
  const size_t room = bytes - 16;
  memcpy(block - 16, &room, sizeof(room));
  g_session.live.Watch(block);
  return block;
}

bool IsInGlibc(void* function) {
  dl_find_object object;
  return _dl_find_object(function, &object) == 0 &&
         strstr(object.dlfo_link_map->l_name, "/libc.so.6") != nullptr;
}

// Before the first block is given out: one of another allocator has no header to read on the way.
void FindOwner() {
  static bool found = false;
  void* (*next)(size_t);
  if (found || !Resolve("malloc", &next)) return;
  found = true;
  g_real_is_glibc = IsInGlibc(reinterpret_cast<void*>(next));
  if (g_real_is_glibc) return;
  g_session.live.WatchAll();
  // A sanitizer ends the process when it is asked about a block that it gave out for itself.
  int (*owns)(const volatile void*);
  if (!Resolve("__sanitizer_get_ownership", &owns)) {
    Resolve("malloc_usable_size", &g_real.usable_size);
  }
}

template <typename Function>
bool ResolveOwned(const char* name, Function* slot) {
  FindOwner();
  return Resolve(name, slot);
}

void* ResolveMalloc(size_t size) {
  return ResolveOwned("malloc", &g_real.malloc) ? g_real.malloc(size) : BootstrapAllocate(size);
}

void* ResolveCalloc(size_t count, size_t size) {
  if (ResolveOwned("calloc", &g_real.calloc)) return g_real.calloc(count, size);
  size_t bytes;
  if (__builtin_mul_overflow(count, size, &bytes)) return nullptr;
  return BootstrapAllocate(bytes);  // never used before: zeroed
}

void* ResolveRealloc(void* block, size_t size) {
  if (ResolveOwned("realloc", &g_real.realloc)) return g_real.realloc(block, size);
  void* moved = BootstrapAllocate(size);
  if (moved == nullptr || block == nullptr) return moved;
  size_t room;
  memcpy(&room, static_cast<char*>(block) - 16, sizeof(room));
  memcpy(moved, block, size < room ? size : room);
  return moved;
}

void ResolveFree(void* block) {
  if (ResolveOwned("free", &g_real.free)) g_real.free(block);
}

int ResolvePosixMemalign(void** out, size_t alignment, size_t size) {
  return ResolveOwned("posix_memalign", &g_real.posix_memalign)
             ? g_real.posix_memalign(out, alignment, size)
             : ENOMEM;
}

void* ResolveAlignedAlloc(size_t alignment, size_t size) {
  return ResolveOwned("aligned_alloc", &g_real.aligned_alloc)
             ? g_real.aligned_alloc(alignment, size)
             : nullptr;
}

void* ResolveMemalign(size_t alignment, size_t size) {
  return ResolveOwned("memalign", &g_real.memalign) ? g_real.memalign(alignment, size) : nullptr;
}

void* ResolveValloc(size_t size) {
  return ResolveOwned("valloc", &g_real.valloc) ? g_real.valloc(size) : nullptr;
}

void* ResolvePvalloc(size_t size) {
  return ResolveOwned("pvalloc", &g_real.pvalloc) ? g_real.pvalloc(size) : nullptr;
}

// C23; Debian 12's libc has neither yet, and a plain free does what they promise.
void FreeSizedAsFree(void* block, size_t) { g_real.free(block); }
void FreeAlignedSizedAsFree(void* block, size_t, size_t) { g_real.free(block); }

void ResolveFreeSized(void* block, size_t size) {
  if (!ResolveOwned("free_sized", &g_real.free_sized)) g_real.free_sized = FreeSizedAsFree;
  g_real.free_sized(block, size);
}

void ResolveFreeAlignedSized(void* block, size_t alignment, size_t size) {
  if (!ResolveOwned("free_aligned_sized", &g_real.free_aligned_sized)) {
    g_real.free_aligned_sized = FreeAlignedSizedAsFree;
  }
  g_real.free_aligned_sized(block, alignment, size);
}

}  // namespace

constinit RealAllocator g_real = {
    ResolveMalloc,        ResolveCalloc,       ResolveRealloc,          ResolveFree,
    ResolvePosixMemalign, ResolveAlignedAlloc, ResolveMemalign,         ResolveValloc,
    ResolvePvalloc,       ResolveFreeSized,    ResolveFreeAlignedSized, nullptr,
};

constinit bool g_real_is_glibc = false;

void FindRealAllocator() { FindOwner(); }

size_t BlockBytes(void* block) {
  if (IsBootstrapBlock(block) || !KnowsBlockBytes()) return 0;
  if (g_real_is_glibc) return HeaderBytes(block);
  constexpr size_t kLeast = 8;  // none takes nothing: counters.h counts on it
  // tcmalloc allocates when it is asked for the first time.
  static thread_local constinit bool asking = false;
  if (asking) return kLeast;
  asking = true;
  const size_t bytes = g_real.usable_size(block);
  asking = false;
  return std::max(bytes, kLeast);
}

bool IsBootstrapBlock(const void* block) {
  const auto* at = static_cast<const char*>(block);
  return at >= g_bootstrap && at < g_bootstrap + sizeof(g_bootstrap);
}

void* FindNext(const char* symbol, const void* caller) {
  const ForOurselves for_ourselves;
  if (void* next = dlsym(RTLD_NEXT, symbol)) return next;
  dlerror();  // a failure of ours is not to be reported to the program
  // glibc's handle of a library is its link map.
  dl_find_object object;
  if (_dl_find_object(const_cast<void*>(caller), &object) != 0) return nullptr;
  return dlsym(object.dlfo_link_map, symbol);
}

}  // namespace heapcrest
