#include "viewer/report/moment_scales.h"

#include <algorithm>

#include "viewer/regression.h"

namespace heapcrest {
namespace {

// Samples of one weight that come at a moment, or go.
struct Change {
  uint32_t moment, weight;
  int64_t times;
};

std::vector<Change> InOrder(const std::vector<SampleGroup>& groups) {
  std::vector<Change> changes;
  for (const SampleGroup& group : groups) {
    if (group.born >= group.died) continue;
    changes.push_back({group.born, group.weight, int64_t{group.times}});
    changes.push_back({group.died, group.weight, -int64_t{group.times}});
  }
  std::sort(changes.begin(), changes.end(),
            [](const Change& a, const Change& b) { return a.moment < b.moment; });
  return changes;
}

// What lives at one moment after the other.
class LiveGroups {
 public:
  LiveGroups(const std::vector<SampleGroup>& groups, const WeightTable& weights)
      : weights_(weights), changes_(InOrder(groups)), live_(weights.size()) {}

  void AdvanceTo(uint32_t moment) {
    for (; next_ < changes_.size() && changes_[next_].moment <= moment; ++next_) {
      const Change& change = changes_[next_];
      sums_.Add(weights_[change.weight], change.times);
      live_[change.weight] += change.times;
    }
  }

  const SampleSums& sums() const { return sums_; }

  Regression Limited(const Regression& regression) const {
    FactorLimits limits;
    for (size_t i = 0; i < live_.size(); ++i) {
      if (live_[i] > 0) limits.Include(regression.ChangeOf(weights_[i]));
    }
    return limits.Limited(regression);
  }

 private:
  const WeightTable& weights_;
  const std::vector<Change> changes_;
  std::vector<int64_t> live_;  // samples, by weight
  size_t next_ = 0;
  SampleSums sums_;
};

}  // namespace

std::vector<Scale> ScalesAt(const Process& process, const Peak& peak,
                            const std::vector<PickedMoment>& moments,
                            const std::vector<SampleGroup>& groups, const WeightTable& weights) {
  const HeapCounts& counts = process.counts;
  std::vector<Scale> scales(moments.size());
  if (counts.points.empty()) return scales;
  LiveGroups live(groups, weights);
  for (uint32_t i = 0; i < moments.size(); ++i) {
    live.AdvanceTo(i);
    const SampleSums& sums = live.sums();
    const Truth truth = TruthAt(counts, counts.points[moments[i].point], sums, peak.usual_overhead);
    const Regression fitted = FitLive(sums, truth, peak.in_total);
    scales[i] = ScaleOf(live.Limited(fitted), sums, truth);
  }
  return scales;
}

}  // namespace heapcrest
