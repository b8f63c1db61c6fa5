// Finds the function that the program would call without us: the next definition in the order of
// loading. A pointer to one starts out at a resolver, which calls Resolve, so that a hook can call
// through it from the first moment on.
//
// Thread-safe. Called from hooks: yes. Allocates: dlsym may, and the block is then not the
// program's.
#pragma once

#include <dlfcn.h>

#include "profiler/recorder.h"

namespace heapcrest {

inline thread_local constinit bool t_resolving = false;

// Replaces the resolver by the real function. False: dlsym is asking us while we ask it.
template <typename Function>
bool Resolve(const char* name, Function* slot) {
  if (t_resolving) return false;
  const ForOurselves for_ourselves;
  t_resolving = true;
  auto* found = reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
  if (found == nullptr) dlerror();  // a failure of ours is not to be reported to the program
  t_resolving = false;
  if (found == nullptr) return false;
  *slot = found;
  return true;
}

}  // namespace heapcrest
