// Which modules a page tells apart by colour first: those whose code, with what it called, holds
// most at the peak.
//
// Thread-safe: a pure function.
#pragma once

#include <cstdint>
#include <vector>

#include "viewer/call_tree.h"
#include "viewer/recording.h"

namespace heapcrest {

// A frame of each module (an index into Recording::frames), those with most bytes first, then
// nodes.
std::vector<uint32_t> RankModules(const Recording& recording, const CallTree& tree);

}  // namespace heapcrest
