// The executable and the libraries whose code stood on a recorded stack: where they lay and which
// build they were, so that their addresses can be symbolized when the process is long gone.
//
// An epoch lasts until a library that we know is unloaded: from then on its addresses may mean
// other code. Stacks and mappings carry their epoch; a mapping is noted anew in every epoch in
// which it is met.
//
// Thread-safe and async-signal-safe, all but those that say otherwise. Called from hooks: yes
// (slow path). Allocates: pages (arena).
#pragma once

#include <dlfcn.h>

#include <cstdint>

#include "profiler/format/record.h"

namespace heapcrest {

// Remembers the object if this epoch has not met it yet.
void NoteMapping(const dl_find_object& object);

// Whether an address lies in this library itself.
bool IsOwnCode(uintptr_t address);

uint64_t MappingEpoch();

// After a dlclose: begins a new epoch if an object that was noted is gone. True if so.
bool DropUnloadedMappings();

// Hands out each noted mapping once, to be written to the capture. False: none is left.
// The texts in it stay valid.
bool TakeUnwrittenMapping(MappingRecord* mapping);

// For a forked child, whose code lies where its parent's does: what was noted is to be written
// anew, into its own capture. False: another thread was just noting something; forget it all.
// REQUIRES: no other thread runs.
bool InheritMappings();

// REQUIRES: no other thread runs.
void ForgetMappings();

}  // namespace heapcrest
