// A made-up recording with all that its page says of the samples of its first process.
//
// Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "viewer/call_tree.h"
#include "viewer/peak.h"
#include "viewer/recording.h"
#include "viewer/report/frame_table.h"
#include "viewer/report/sample_groups.h"
#include "viewer/report/timeline.h"

namespace heapcrest {

struct Grouped {
  // `stride`: cells of the curve to a moment.
  explicit Grouped(Recording made, size_t stride = 1) : recording(std::move(made)) {
    peak = FindPeak(process());
    tree = BuildCallTree(recording, process(), peak);
    timeline = MakeTimeline(process(), peak);
    moments = MomentsOf(timeline, stride);
    nodes = NodesOfSamples(process(), tree);
    groups = GroupSamples(process(), nodes, timeline, moments, &weights);
    corrections = CorrectionsFor(process(), tree, nodes, peak, timeline);
  }

  const Process& process() const { return recording.processes[0]; }

  Recording recording;
  Peak peak;
  CallTree tree;
  Timeline timeline;
  std::vector<PickedMoment> moments;
  std::vector<uint32_t> nodes;
  WeightTable weights;
  std::vector<SampleGroup> groups;
  std::vector<Correction> corrections;
};

}  // namespace heapcrest
