// Finds the function that the program would call without us: the next definition in the order of
// loading. And whether the program calls us at all.
//
// Not by dlsym: where nobody has a function, it allocates its message, asks for it in the middle of
// our asking, and takes away what the program would have got from dlerror.
//
// Thread-safe while nothing is loaded or unloaded: called when the process starts, or at the first
// use of what was not looked up by then. Called from hooks: yes. Allocates: never.
#pragma once

namespace heapcrest {

// nullptr when nobody has one.
void* NextDefinition(const char* name);

// Whether some library or the program itself comes before ours with this function.
bool HasEarlierDefinition(const char* name);

template <typename Function>
void FindNext(const char* name, Function* slot) {
  if (void* next = NextDefinition(name)) *slot = reinterpret_cast<Function>(next);
}

}  // namespace heapcrest
