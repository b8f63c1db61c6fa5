// The samples of a process as the page carries them: grouped by tree node, weight, thread,
// and the moments between which they were live. Everything that the page shows is a sum over these
// groups, for any moment that the reader picks.
//
// Not thread-safe.
#pragma once

#include <cstdint>
#include <vector>

#include "viewer/call_tree.h"
#include "viewer/peak.h"
#include "viewer/recording.h"
#include "viewer/report/frame_table.h"
#include "viewer/report/timeline.h"

namespace heapcrest {

// Moments are places in the list of moments: the sample was live at `born` and later, until before
// `died`. Gone before any moment saw it: both are equal. Live at the end: `died` is their count.
struct SampleGroup {
  uint32_t node = 0;
  uint32_t weight = 0;
  uint32_t born = 0;
  uint32_t died = 0;
  uint32_t thread = 0;  // index into Process::threads
  uint32_t times = 0;   // samples that are alike
};

// What a view holds in a node beyond the sum of its groups: nothing, unless samples are scaled to
// exact counts, in each view by another factor.
struct Correction {
  uint32_t node;
  uint32_t view;
  Amount amount;
};

// The tree node of each sample. REQUIRES: `tree` is BuildCallTree's of the process.
std::vector<uint32_t> NodesOfSamples(const Process& process, const CallTree& tree);

// Sorted by node, weight, born, died, thread.
std::vector<SampleGroup> GroupSamples(const Process& process, const std::vector<uint32_t>& nodes,
                                      const Timeline& timeline,
                                      const std::vector<PickedMoment>& moments,
                                      WeightTable* weights);

std::vector<Correction> CorrectionsFor(const Process& process, const CallTree& tree,
                                       const std::vector<uint32_t>& nodes, const Peak& peak,
                                       const Timeline& timeline);

}  // namespace heapcrest
