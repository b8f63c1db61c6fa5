// What the samples that are live add up to, at one moment after the other.
//
// Not thread-safe.
#pragma once

#include "viewer/calibration.h"
#include "viewer/event_order.h"
#include "viewer/recording.h"
#include "viewer/sample_weights.h"

namespace heapcrest {

class LiveSums {
 public:
  // Both must outlive it.
  LiveSums(const Process& process, const SampleWeights& weights)
      : weights_(weights), order_(process) {}

  // REQUIRES: `moment` is not before the one asked for last.
  const SampleSums& At(const Moment& moment) {
    Event event;
    while (order_.allocations() + order_.frees() < moment.allocations + moment.frees &&
           order_.Next(&event)) {
      sums_.Add(weights_[event.sample], event.is_free ? -1 : 1);
    }
    return sums_;
  }

 private:
  const SampleWeights& weights_;
  EventOrder order_;
  SampleSums sums_;
};

}  // namespace heapcrest
