// The three views of a process: which samples each holds, and how it scales them.
//
// Not thread-safe.
#pragma once

#include <array>
#include <cstddef>
#include <optional>

#include "viewer/calibration.h"
#include "viewer/call_tree.h"
#include "viewer/event_order.h"
#include "viewer/live_at.h"
#include "viewer/recording.h"
#include "viewer/regression.h"
#include "viewer/sample_weights.h"

namespace heapcrest {

class Views {
 public:
  // Looks at both as long as it is used.
  Views(const Process& process, const SampleWeights& weights, const Moment& peak)
      : process_(process), weights_(weights), is_live_at_peak_(process, peak) {}

  bool Holds(size_t view, size_t sample) const {
    if (view == 0) return is_live_at_peak_[sample];
    return view == 2 || process_.samples[sample].freed_ns == kStillLive;
  }

  // By the weights of the samples alone.
  std::array<SampleSums, kViewCount> Sums() const;

  // `sums` are those; `point` of the counts is the peak.
  std::array<Calibration, kViewCount> Calibrations(const std::array<SampleSums, kViewCount>& sums,
                                                   size_t point) const;

 private:
  template <typename Visit>
  void ForEach(size_t view, const Visit& visit) const {
    for (size_t i = 0; i < process_.samples.size(); ++i) {
      if (Holds(view, i)) visit(weights_[i]);
    }
  }

  const Process& process_;
  const SampleWeights& weights_;
  const LiveAt is_live_at_peak_;
};

// What was counted of all small blocks. Of a process that did not exit by itself the last of it is
// not known. `sums` and `truth` are of the last view.
std::optional<CountedBlocks> CountedInTotal(const Process& process, const SampleSums& sums,
                                            const Truth& truth);

}  // namespace heapcrest
