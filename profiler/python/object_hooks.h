// Python's small objects: blocks of its mem and object domains, which pymalloc cuts out of arenas
// that no malloc ever sees.
//
// The interpreter's allocator stays what it is; its two tables of functions get ours in front
// (PyMem_SetAllocator), which sample requested bytes like every other hook and pass the call on.
// Counted once: what is larger than pymalloc's limit comes from malloc and is seen there, and
// arenas are mmapped and seen nowhere. With PYTHONMALLOC=malloc there is nothing to wrap; in front
// of a debugging layer (-X dev) sizes are those that the program asks for. Blocks that were
// allocated before, or are freed behind our back, are harmless: no header, no state.
//
// Thread-safe where it says so. Called from hooks: yes. Allocates: never.
#pragma once

namespace heapcrest {

// Before main, ahead of the interpreter's first object. REQUIRES: one thread.
void WrapPythonObjects();

// Once more from a sample, when the interpreter runs: it may have been loaded late, or have chosen
// its allocator (PYTHONMALLOC=pymalloc) after we wrapped. Thread-safe: acts under the GIL only.
void WrapPythonObjectsSlow();

}  // namespace heapcrest
