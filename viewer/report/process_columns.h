// One process of a page as columns of numbers, in this order:
//
//   tree      node count n · n-1 climbs (levels up from the node before to the sibling; 0: a first
//             child) · n-1 frames: 0 a gap, followed by how many frames were left out; 1 the frame
//             that last came first under the same parent frame, or next behind the same sibling
//             frame; f+2 otherwise
//   moments   count m · m times in ns, as deltas · which of them is the peak
//   groups    count g · columns: node (delta) · weight · born · life (0: to the end; else died -
//             born + 1) · times (SampleGroup)
//   changes   count · for each: node, view, bytes, count in 1/65536, samples, variance (Correction)
//   curve     duration in ns · count c · columns: lowest (signed delta), highest - lowest
//
// viewer/page/tree.js, totals.js and curve.js read them.
//
// Not thread-safe.
#pragma once

#include "viewer/call_tree.h"
#include "viewer/peak.h"
#include "viewer/recording.h"
#include "viewer/report/frame_table.h"
#include "viewer/report/packer.h"
#include "viewer/report/timeline.h"

namespace heapcrest {

// REQUIRES: peak, tree and timeline are those of `process`, which is one of `recording`.
void WriteProcess(const Recording& recording, const Process& process, const Peak& peak,
                  const CallTree& tree, const Timeline& timeline, const FrameTable& frames,
                  WeightTable* weights, Packer* out);

}  // namespace heapcrest
