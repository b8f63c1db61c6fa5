// Loads and unloads a library a hundred times; what it allocated stays.
//
// plugins LIBRARY
#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>

#include "samples/keep.h"

using Allocate = void* (*)(size_t);

NOINLINE int UseOnce(const char* path) {
  void* library = dlopen(path, RTLD_NOW);
  if (library == nullptr) return 1;
  const auto allocate = reinterpret_cast<Allocate>(dlsym(library, "AllocateInPlugin"));
  Keep(allocate(20'000));
  return dlclose(library);
}

int main(int argc, char** argv) {
  int failed = argc < 2;
  for (int i = 0; i < 100 && failed == 0; ++i) failed = UseOnce(argv[1]);
  if (failed != 0) fprintf(stderr, "plugins: cannot use the library: %s\n", dlerror());
  printf("failed %d\n", failed);
  return failed;
}
