// Spikes that copying makes: at the peak a line holds an old block beside the larger new one that
// it is being copied into, as a vector does when it grows.
//
// Told by the blocks that are always sampled: two of one line and thread, the old one allocated
// directly before the new one and smaller (a quarter of it at least), freed while the new one lives
// on, before the line allocates again and no later than copying may take (50 ms and 1 ns for each
// byte); and no other block of the line is freed in that time. A cache that makes room frees other
// blocks than the one allocated last. A realloc is recorded as a free and an allocation of one
// moment: while it copies, live bytes do not say so.
//
// Thread-safe: pure functions.
#pragma once

#include <cstdint>
#include <vector>

#include "viewer/call_tree.h"
#include "viewer/peak.h"
#include "viewer/recording.h"

namespace heapcrest {

struct CopySpike {
  uint32_t frame = kNone;  // as of a line of the summary
  int64_t old_bytes = 0, new_bytes = 0;
  double seconds = 0;  // both were live
};

// The largest, of those whose old block is a hundredth of the peak or more. `frame_of` is the
// credited frame of each node of the tree. REQUIRES: peak and tree are the process's.
std::vector<CopySpike> FindCopies(const Process& process, const Peak& peak, const CallTree& tree,
                                  const std::vector<uint32_t>& frame_of);

}  // namespace heapcrest
