// Recordings of known shapes, made up: for tests of the report and for its measurements.
//
// Thread-safe: pure functions.
#pragma once

#include <cstddef>
#include <string_view>

#include "viewer/recording.h"

namespace heapcrest {

// Two lines of one program: a million boxes, 28 MB, and their list, 8 MB; exact (interval 1).
Recording TinyRecording(uint64_t boxes = 1'000'000);

// One process without a sample.
Recording EmptyRecording();

// Names, paths and arguments that try to break out of the page.
Recording HostileRecording();

// Like a compiler: long C++ names, deep stacks, `samples` samples at 64 KiB. The count of tree
// nodes grows with them: 60,000 samples make about 200,000.
Recording LargeRecording(size_t samples, size_t functions);

// Many small processes, the one in the middle the largest.
Recording ManyProcesses(size_t count);

// A process that became another program: two of one pid, the second the larger.
Recording ExecutedRecording();

// Many threads, each with a name, that allocate in the same places; the first allocates most.
Recording ThreadedRecording(size_t threads);

// Blocks of malloc and Python's objects in the same places, counted and scaled.
Recording PythonRecording(size_t samples);

// A script of Python: a list that it grows, and an import of a package with code in C; exact.
Recording ScriptRecording();

// Most of the peak is in functions of a library whose names were stripped; exact.
Recording StrippedRecording();

// One stack so deep.
Recording DeepRecording(size_t depth);

}  // namespace heapcrest
