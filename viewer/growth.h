// What grew in the last stretch before the peak, by the line that allocated it.
//
// The stretch begins at the last moment before the peak at which no more than three quarters of the
// peak's bytes were live, or at the start. A line's growth is what it held at the peak minus what
// it held then, both scaled to what was counted at the moment (calibration.h), so that lines add up
// to the growth of the whole. Blocks live at both moments cancel out: they add no variance.
//
// Thread-safe: pure functions.
#pragma once

#include <cstdint>
#include <vector>

#include "viewer/call_tree.h"
#include "viewer/peak.h"
#include "viewer/recording.h"

namespace heapcrest {

struct LineGrowth {
  uint32_t frame = kNone;  // as of a line of the summary
  Amount amount;           // of its samples, those that came in the stretch and stayed
};

struct Growth {
  uint64_t from_ns = 0;  // since the process's start: when the first sampled block of it came
  int64_t from_bytes = 0;
  int64_t bytes = 0;              // the peak minus those
  std::vector<LineGrowth> lines;  // all that changed, those that grew most first
};

// `frame_of` is the credited frame of each node of the tree. REQUIRES: peak and tree are the
// process's.
Growth FindGrowth(const Recording& recording, const Process& process, const Peak& peak,
                  const CallTree& tree, const std::vector<uint32_t>& frame_of);

}  // namespace heapcrest
