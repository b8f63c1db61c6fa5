// The summary for a comment on a merge request: one heading, one paragraph, one table. Hostile
// names stay text: they neither format, nor link, nor call anybody.
//
// Thread-safe: pure functions.
#pragma once

#include <cstddef>
#include <string>

#include "viewer/recording.h"
#include "viewer/summary.h"

namespace heapcrest {

// The `top` lines that hold most, and one row for all others, so that shares add up.
std::string SummaryMarkdown(const Recording& recording, const Summary& summary, size_t top);

}  // namespace heapcrest
