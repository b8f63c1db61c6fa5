// One process of a page as columns of numbers, in this order:
//
//   tree      node count n · columns: n depths (delta) · n-1 frames: 0 no frame; 1 the frame that
//             last came first under the same parent frame, or next behind the same sibling frame;
//             f+2 otherwise · count · column, of nodes without a frame: 2k for k frames left out of
//             a deep stack, 2k+1 for a box of k nodes that were folded · count · column: a frame of
//             each module, those with most nodes first
//   threads   count t · columns: tid (delta) · name: 0 as the one before, else 1 + how many bytes ·
//             the bytes of all names
//   moments   count m · m times in ns, as deltas · which of them is the peak · m times, and once
//             for all that was allocated: the eight numbers of a Scale
//   groups    count g · columns: node (delta) · weight · born · life (0: to the end; else died -
//             born + 1) · thread · times (SampleGroup)
//   changes   for each view: count · columns: node (delta) · bytes · count in 1/65536 · samples ·
//             overhead · those of its bytes that are not scaled · variance (Correction)
//   curve     duration in ns · count c · columns: lowest (signed delta), highest - lowest · count r
//             (0 or c) · column: most KiB in RAM (signed delta) · when it was most, unless r is 0
//
// viewer/page/tree.js, totals.js and curve.js read them.
//
// Not thread-safe.
#pragma once

#include <cstdint>
#include <vector>

#include "viewer/call_tree.h"
#include "viewer/peak.h"
#include "viewer/recording.h"
#include "viewer/report/frame_table.h"
#include "viewer/report/packer.h"
#include "viewer/report/page_tree.h"

namespace heapcrest {

// One process with all that is made of it.
struct ProcessView {
  const Process& process;
  const Peak& peak;
  const PageTree& tree;
  const std::vector<uint32_t>& nodes;    // by sample: its node in `tree`; none: only its sums
  const std::vector<uint32_t>& modules;  // RankModules() of the whole tree
};

void WriteProcess(const ProcessView& view, const FrameTable& frames, WeightTable* weights,
                  Packer* out);

}  // namespace heapcrest
