// Reads the source line of each frame, so that a report can show the line itself and not only its
// number. Done at the end of a run, on the machine of the run: the profile carries the lines.
//
// Only the lines that frames name are read, shortened to a width that fits a screen, and only from
// regular files that are no newer than the start of the run: in a file that changed since, the
// number may mean another line. What is read is bounded, whatever the debug information claims.
// Source can hold secrets: `run --no-source` never calls this, `report --no-source` leaves it out.
//
// Thread-safe: pure functions of the files.
#pragma once

#include <cstddef>
#include <cstdint>

#include "viewer/recording.h"

namespace heapcrest {

inline constexpr size_t kMaxSourceLineBytes = 240;
inline constexpr uint64_t kMaxSourceFileBytes = 16 << 20;
inline constexpr uint64_t kMaxSourceTotalBytes = 512 << 20;  // of all files that are opened

// Fills recording->source, sorted by file and line. What cannot be read is left out.
void ReadSource(Recording* recording);

}  // namespace heapcrest
