// Allocates before main, after main and around it: in the executable's first constructor, where
// dlsym is called before anything else, in static objects, in exit handlers.
#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>

#include "samples/keep.h"

static void* early_symbol;

// Runs before the constructors of every library. dlerror's text needs memory.
static void Earliest(int, char**, char**) {
  early_symbol = dlsym(RTLD_DEFAULT, "no_such_symbol");
  dlerror();
}
__attribute__((section(".preinit_array"), used)) static void (*const kEarliest)(int, char**,
                                                                                char**) = Earliest;

NOINLINE void* AllocateInConstructor() { return Keep(malloc(1'000'000)); }
NOINLINE void* AllocateInMain() { return Keep(malloc(2'000'000)); }
NOINLINE void* AllocateInExitHandler() { return Keep(malloc(3'000'000)); }
NOINLINE void* AllocateInDestructor() { return Keep(malloc(4'000'000)); }

struct Static {
  Static() : block(AllocateInConstructor()) {}
  ~Static() { AllocateInDestructor(); }
  void* block;
};

static Static object;

int main() {
  AllocateInMain();
  atexit([] { AllocateInExitHandler(); });
  printf("early symbol %s\n", early_symbol == nullptr ? "missing" : "found");
}
