// Reads the unwind rule of one address from a loaded object's .eh_frame (DWARF 5, section 6.4; LSB
// 4.1, "Exception Frames"), which every x86-64 binary carries for C++ exceptions.
//
// Supports what compilers emit at call sites; anything else yields kUnsupported and the caller
// falls back to a full unwinder.
//
// Thread-safe and async-signal-safe. Called from hooks: yes (slow path). Allocates: never.
#pragma once

#include <cstdint>

#include "profiler/unwind/unwind_rule.h"

namespace heapcrest {

// False: the object has none that can be read; null is none.
bool IsUnwindTable(const uint8_t* eh_frame_header);

// `eh_frame_header` is the object's PT_GNU_EH_FRAME segment in memory. `address` lies inside the
// call instruction, so that a call at the very end of a function belongs to that function.
// REQUIRES: IsUnwindTable.
UnwindRule ReadUnwindRule(const uint8_t* eh_frame_header, uintptr_t address);

}  // namespace heapcrest
