// Turns the addresses of a recording into functions and source lines, on the machine of the run and
// right after it: only here are the binaries surely those that ran. The profile carries the result.
//
// Never fails as a whole. What cannot be resolved falls back, address by address: inlined
// functions and lines of the debug information; the symbol tables; `libfoo.so+0x1234`; the bare
// address. Why it is done so: docs/decisions/0005-portable-symbols.md.
//
// Not thread-safe.
#pragma once

#include "viewer/recording.h"

namespace heapcrest {

// Fills Recording::frames and the frames of every Location of every process. Each address of a
// build of a module is looked up once, however many processes shared it.
void Symbolize(Recording* recording);

}  // namespace heapcrest
