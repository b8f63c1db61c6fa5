// How the weights of samples are scaled at each moment that a reader can pick (calibration.h).
//
// What is live then is told by the groups of the page: they come and go between moments, so that no
// moment needs a look at every sample.
//
// Thread-safe: a pure function.
#pragma once

#include <vector>

#include "viewer/calibration.h"
#include "viewer/peak.h"
#include "viewer/recording.h"
#include "viewer/report/frame_table.h"
#include "viewer/report/sample_groups.h"
#include "viewer/report/timeline.h"

namespace heapcrest {

// REQUIRES: `groups` are GroupSamples' at these moments, with these weights.
std::vector<Scale> ScalesAt(const Process& process, const Peak& peak,
                            const std::vector<PickedMoment>& moments,
                            const std::vector<SampleGroup>& groups, const WeightTable& weights);

}  // namespace heapcrest
