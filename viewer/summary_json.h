// The summary for programs. Names are never taken away, only added. Text that is not UTF-8 is
// repaired with replacement characters.
//
// Thread-safe: pure functions.
#pragma once

#include <cstddef>
#include <string>

#include "viewer/recording.h"
#include "viewer/summary.h"

namespace heapcrest {

// The `top` lines that hold most, and one row for all others, so that shares add up.
std::string SummaryJson(const Recording& recording, const Summary& summary, size_t top);

}  // namespace heapcrest
