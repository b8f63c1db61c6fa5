#include "profiler/real_allocator.h"

#include <dlfcn.h>
#include <errno.h>
#include <link.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "profiler/next_definition.h"
#include "profiler/recorder.h"

namespace heapcrest {
namespace {

const link_map* LibraryOf(void* function) {
  dl_find_object object;
  return _dl_find_object(function, &object) == 0 ? object.dlfo_link_map : nullptr;
}

bool IsInGlibc(void* (*function)(size_t)) {
  const link_map* library = LibraryOf(reinterpret_cast<void*>(function));
  return library != nullptr && strstr(library->l_name, "/libc.so.6") != nullptr;
}

// Where a pointer begins: finds all, then calls the one that was wanted.
template <auto kSlot>
struct Resolver;
template <typename Result, typename... Arguments, Result (*RealAllocator::*kSlot)(Arguments...)>
struct Resolver<kSlot> {
  static Result Call(Arguments... arguments) {
    FindRealAllocator();
    if (g_real.*kSlot != Call) return (g_real.*kSlot)(arguments...);
    if constexpr (std::is_same_v<Result, int>) {  // nobody has it
      return ENOMEM;
    } else if constexpr (!std::is_void_v<Result>) {
      return {};
    }
  }
};

// C23; Debian 12's libc has neither yet, and a plain free does what they promise.
void FreeSizedAsFree(void* block, size_t) { g_real.free(block); }
void FreeAlignedSizedAsFree(void* block, size_t, size_t) { g_real.free(block); }

}  // namespace

constinit RealAllocator g_real = {
    Resolver<&RealAllocator::malloc>::Call,
    Resolver<&RealAllocator::calloc>::Call,
    Resolver<&RealAllocator::realloc>::Call,
    Resolver<&RealAllocator::free>::Call,
    Resolver<&RealAllocator::posix_memalign>::Call,
    Resolver<&RealAllocator::aligned_alloc>::Call,
    Resolver<&RealAllocator::memalign>::Call,
    Resolver<&RealAllocator::valloc>::Call,
    Resolver<&RealAllocator::pvalloc>::Call,
    Resolver<&RealAllocator::free_sized>::Call,
    Resolver<&RealAllocator::free_aligned_sized>::Call,
    Resolver<&RealAllocator::malloc_usable_size>::Call,
    nullptr,
};

constinit bool g_real_is_glibc = false;

void FindRealAllocator() {
  static bool found = false;
  if (found) return;
  RealAllocator real = g_real;
  real.free_sized = FreeSizedAsFree;
  real.free_aligned_sized = FreeAlignedSizedAsFree;
  FindNext("malloc", &real.malloc);
  FindNext("calloc", &real.calloc);
  FindNext("realloc", &real.realloc);
  FindNext("free", &real.free);
  FindNext("posix_memalign", &real.posix_memalign);
  FindNext("aligned_alloc", &real.aligned_alloc);
  FindNext("memalign", &real.memalign);
  FindNext("valloc", &real.valloc);
  FindNext("pvalloc", &real.pvalloc);
  FindNext("free_sized", &real.free_sized);
  FindNext("free_aligned_sized", &real.free_aligned_sized);
  FindNext("malloc_usable_size", &real.malloc_usable_size);
  // Before the first block is given out: one of another allocator has no header to read on the way.
  g_real_is_glibc = IsInGlibc(real.malloc);
  if (g_real_is_glibc) {
    LetSizesTell();
  } else if (NextDefinition("__sanitizer_get_ownership") == nullptr) {
    // (A sanitizer ends the process when it is asked about a block that it gave out for itself.)
    real.usable_size = real.malloc_usable_size;
  }
  g_real = real;
  found = true;
}

bool IsFromRealAllocator(void* function) {
  return LibraryOf(function) == LibraryOf(reinterpret_cast<void*>(g_real.malloc));
}

bool ProgramHasPartOfTheFamily() {
  for (const char* name : {"malloc", "calloc", "realloc", "free", "posix_memalign", "aligned_alloc",
                           "memalign", "valloc", "pvalloc"}) {
    if (HasEarlierDefinition(name)) return true;
  }
  return false;
}

size_t BlockBytes(void* block) {
  if (!KnowsBlockBytes()) return 0;
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

}  // namespace heapcrest
