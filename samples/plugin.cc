// A library that `plugins` loads and unloads. It allocates when it comes, when asked, and when it
// goes.
#include <cstdlib>

#include "samples/keep.h"

NOINLINE static void* AllocateAtLoad() { return Keep(malloc(1'000)); }
NOINLINE static void* AllocateAtUnload() { return Keep(malloc(3'000)); }

__attribute__((constructor)) static void Load() { AllocateAtLoad(); }
__attribute__((destructor)) static void Unload() { AllocateAtUnload(); }

extern "C" NOINLINE void* AllocateInPlugin(size_t size) { return Keep(malloc(size)); }
