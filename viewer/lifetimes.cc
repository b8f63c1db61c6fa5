#include "viewer/lifetimes.h"

#include <algorithm>
#include <utility>

#include "viewer/live_at.h"
#include "viewer/sample_weights.h"
#include "viewer/units.h"

namespace heapcrest {
namespace {

constexpr uint64_t kTemporaryMicroseconds = 1000;

uint64_t MicrosecondsBetween(uint64_t from_ns, uint64_t to_ns) {
  const uint64_t from = from_ns / kNanosecondsPerMicrosecond;
  return std::max(from, to_ns / kNanosecondsPerMicrosecond) - from;
}

// Times, each with the bytes that it weighs.
class Spans {
 public:
  void Add(uint64_t microseconds, int64_t bytes) {
    if (bytes > 0) spans_.emplace_back(microseconds, bytes);
  }

  void Add(const Spans& other) {
    spans_.insert(spans_.end(), other.spans_.begin(), other.spans_.end());
  }

  // The shortest that, with all shorter ones, has half of the bytes.
  std::optional<double> MedianSeconds() {
    std::sort(spans_.begin(), spans_.end());
    int64_t left = 0;
    for (const auto& [microseconds, bytes] : spans_) left += bytes;
    left -= left / 2;
    for (const auto& [microseconds, bytes] : spans_) {
      left -= bytes;
      if (left <= 0) return static_cast<double>(microseconds) / kMicrosecondsPerSecond;
    }
    return std::nullopt;
  }

 private:
  std::vector<std::pair<uint64_t, int64_t>> spans_;
};

struct Group {
  Amount temporary;
  Spans lifetimes, ages;
};

bool IsTemporary(const Sample& sample) {
  return sample.freed_ns != kStillLive &&
         MicrosecondsBetween(sample.allocated_ns, sample.freed_ns) <= kTemporaryMicroseconds;
}

void AddSamples(const Process& process, const Peak& peak, const CallTree& tree,
                const std::vector<uint32_t>& group_of, std::vector<Group>* groups) {
  const SampleWeights weights(process);
  const LiveAt is_live(process, peak.moment);
  Scaler at_peak(peak.calibration[0]), allocated(peak.calibration[2]);
  for (size_t i = 0; i < process.samples.size(); ++i) {
    const Sample& sample = process.samples[i];
    const Weight weight = weights[i];
    Amount amount = allocated.AmountOf(weight);
    const int64_t held = is_live[i] ? at_peak.AmountOf(weight).bytes : 0;
    const uint32_t number = group_of[tree.node_of_stack[sample.stack]];
    Group& group = number == kNone ? groups->back() : (*groups)[number];
    group.ages.Add(MicrosecondsBetween(sample.allocated_ns, peak.moment.time_ns), held);
    if (!IsTemporary(sample)) continue;
    if (weight.is_scaled()) amount.object_variance_bytes2 = weight.variance_bytes2;
    group.temporary += amount;
    group.lifetimes.Add(MicrosecondsBetween(sample.allocated_ns, sample.freed_ns), amount.bytes);
  }
}

}  // namespace

std::vector<Lifetimes> LifetimesOf(const Process& process, const Peak& peak, const CallTree& tree,
                                   const std::vector<uint32_t>& group_of, size_t groups) {
  std::vector<Group> all(groups + 1);
  AddSamples(process, peak, tree, group_of, &all);
  std::vector<Lifetimes> lifetimes;
  for (size_t i = 0; i < all.size(); ++i) {
    Group& group = all[i];
    lifetimes.push_back(
        {group.temporary, group.lifetimes.MedianSeconds(), group.ages.MedianSeconds()});
    if (i == groups) break;
    all[groups].temporary += group.temporary;
    all[groups].lifetimes.Add(group.lifetimes);
    all[groups].ages.Add(group.ages);
  }
  return lifetimes;
}

}  // namespace heapcrest
