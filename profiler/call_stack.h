// The return addresses of the calling thread; the only file that knows how to unwind.
//
// Three ways, in this order:
//  1. rules from .eh_frame through a process-wide cache, and none for frames that are still those
//     of the stack before: 8 ns a frame, no lock (measured: docs/performance.md; why not libunwind:
//     docs/decisions/0001-unwinder.md);
//  2. frame pointers, across code made at run time that no .eh_frame describes;
//  3. Boost.Stacktrace for the whole stack, when a rule needs more than rsp and rbp.
//
// Python frames stand where the C frames of the interpreter's evaluation loop run them: each of
// those is followed by its own, one address each (MakePythonFrame).
//
// A stack of more than kMaxStackFrames keeps both ends, half each.
//
// Thread-safe and async-signal-safe. Called from hooks: yes (slow path). Allocates: never.
#pragma once

#include <cstddef>
#include <cstdint>

#include "profiler/format/record.h"
#include "profiler/python/code_table.h"
#include "profiler/unwind/walk_memory.h"

namespace heapcrest {

struct CallStack {
  const uint64_t* addresses;  // root first; each one behind its call
  size_t count;
  uint64_t omitted;  // frames left out,
  uint64_t gap;      // after so many of `addresses`
  uint64_t hash;     // of all frames
  uint64_t storage[kMaxStackFrames];
  NewPythonCode new_python_code;
  WalkMemory memory;  // of the stack before
};

// Records the stack of the code that called into this library.
void CaptureCallStack(CallStack* stack);

// The same, without Python frames, through Boost.Stacktrace alone: what 3. does, and the yardstick
// of the tests.
void CaptureCallStackWithBoost(CallStack* stack);

// Forgets all rules: libraries were unloaded and their addresses may come to mean other code.
void ForgetUnwindRules();

}  // namespace heapcrest
