// The CPython interpreter in this process, if there is one: in the executable or in libpython,
// found by what it exports, without debug information.
//
// Nothing of Python's is called but two functions that only load: the thread state that is current,
// and the one of this thread. No lock, no reference count, no Python code.
//
// Thread-safe. Called from hooks: yes (slow path). Allocates: never.
#pragma once

#include <link.h>

#include <atomic>
#include <cstdint>

#include "profiler/exports.h"
#include "profiler/python/layout.h"

namespace heapcrest {

struct PythonInterpreter {
  PythonLayout layout;
  bool current_is_own;  // since 3.12 the current thread state is one for each thread
  const void* code_type;
  const void* text_type;
  const void* bytes_type;
  const uint8_t* type_type;
  Export eval;  // _PyEval_EvalFrameDefault
  const uint8_t* (*current_thread)();
  const uint8_t* (*own_thread)();
  void (*get_allocator)(int domain, void* allocator);
  void (*set_allocator)(int domain, const void* allocator);
  void (*get_arena_allocator)(void* allocator);
  void (*set_arena_allocator)(const void* allocator);
};

extern std::atomic<const PythonInterpreter*> g_python __attribute__((visibility("hidden")));

// Null: no interpreter that we know.
inline const PythonInterpreter* Python() { return g_python.load(std::memory_order_acquire); }

// Looks for an interpreter in an object that has been loaded. True if it is the first one met.
bool FindPythonIn(const link_map& object);

// The same in all objects that the program was started with.
// REQUIRES: nobody loads or unloads libraries meanwhile, as before main.
void FindPythonAtStart();

// PY_VERSION_HEX of an interpreter that was met and whose layout is not known; 0: there is none.
uint32_t UnknownPythonVersion();

// The calling thread's PyThreadState, with the GIL or without; null: it has none.
const uint8_t* OwnPythonThread(const PythonInterpreter& python);

// Whether the calling thread surely holds the GIL.
bool HoldsPythonLock(const PythonInterpreter& python);

}  // namespace heapcrest
