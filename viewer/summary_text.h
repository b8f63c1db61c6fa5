// The summary that a person reads in a terminal, without a manual.
//
// Thread-safe: pure functions.
#pragma once

#include <cstddef>
#include <string>

#include "viewer/recording.h"
#include "viewer/summary.h"

namespace heapcrest {

// The `top` lines that hold most, and one row for all others, so that shares add up.
std::string SummaryText(const Recording& recording, const Summary& summary, size_t top);

}  // namespace heapcrest
