#include "profiler/next_definition.h"

#include <dlfcn.h>
#include <link.h>

#include "profiler/exports.h"
#include "profiler/glibc.h"

namespace heapcrest {
namespace {

// glibc's handle of a library is its link map.
const link_map* Ourselves() {
  dl_find_object object;
  void* here = reinterpret_cast<void*>(&NextDefinition);
  return _dl_find_object(here, &object) == 0 ? object.dlfo_link_map : nullptr;
}

}  // namespace

void* NextDefinition(const char* name) {
  if (!RunsOnGlibc()) return dlsym(RTLD_NEXT, name);  // musl's, which knows no such trouble
  const link_map* library = Ourselves();
  while (library != nullptr && (library = library->l_next) != nullptr) {
    if (const void* found = FindExport(*library, name).address) return const_cast<void*>(found);
  }
  return nullptr;
}

bool HasEarlierDefinition(const char* name) {
  const link_map* library = RunsOnGlibc() ? Ourselves() : nullptr;
  while (library != nullptr && (library = library->l_prev) != nullptr) {
    if (FindExport(*library, name).address != nullptr) return true;
  }
  return false;
}

}  // namespace heapcrest
