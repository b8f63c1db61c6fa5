#include "viewer/object_folder.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "viewer/event_order.h"
#include "viewer/sample_weights.h"

namespace heapcrest {
namespace {

// In 1/65536 and multiplied by the most (regression.h) they fit 63 bits.
constexpr uint64_t kMostObjects = uint64_t{1} << 44;

// What is known exactly, or scaled, to be live behind one event after the other.
class LiveWalker {
 public:
  LiveWalker(const Process& process, const SampleWeights& weights)
      : process_(process), weights_(weights), order_(process) {}

  // False: there is no event before `end`.
  bool NextBefore(const Moment& end) {
    Event event;
    if (at.allocations + at.frees >= end.allocations + end.frees || !order_.Next(&event)) {
      return false;
    }
    const Sample& sample = process_.samples[event.sample];
    const Weight weight = weights_[event.sample];
    const int64_t sign = event.is_free ? -1 : 1;
    at = {event.is_free ? sample.freed_ns : sample.allocated_ns, order_.allocations(),
          order_.frees()};
    if (sample.is_object) {
      object_bytes += sign * (weight.bytes + weight.overhead);
    } else if (weight.is_exact()) {
      large_bytes += sign * (weight.bytes + weight.overhead);
      large_blocks += sign;
    }
    return true;
  }

  int64_t bytes() const { return object_bytes + large_bytes; }

  Moment at;
  int64_t object_bytes = 0, large_bytes = 0, large_blocks = 0;

 private:
  const Process& process_;
  const SampleWeights& weights_;
  EventOrder order_;
};

std::vector<HeapPoint> WithPointsBetween(const Process& process) {
  struct State {
    Moment at;
    int64_t bytes = 0, large_bytes = 0, large_blocks = 0;
  };
  const SampleWeights weights(process);
  LiveWalker live(process, weights);
  const auto state = [&live] {
    return State{live.at, live.bytes(), live.large_bytes, live.large_blocks};
  };
  std::vector<HeapPoint> points;
  for (const HeapPoint& point : process.counts.points) {
    const State before = state();
    State highest = before;
    while (live.NextBefore(point.at)) {
      if (live.bytes() > highest.bytes) highest = state();
    }
    if (highest.bytes > std::max(before.bytes, live.bytes())) {
      const HeapPoint last = points.empty() ? HeapPoint() : points.back();
      points.push_back({highest.at, last.block_bytes + highest.large_bytes - before.large_bytes,
                        last.blocks + highest.large_blocks - before.large_blocks});
    }
    points.push_back(point);
  }
  return points;
}

bool MakesSense(size_t size_class, const ObjectCount& count) {
  const uint64_t most = (size_class + 1) * kObjectClassBytes;
  return size_class < kObjectClasses && count.objects <= kMostObjects &&
         count.bytes <= count.objects * most &&
         count.bytes >= count.objects * (most - kObjectClassBytes + 1);
}

}  // namespace

bool MakeSense(const ObjectCounts& counts) {
  uint64_t objects = 0;
  for (size_t i = 0; i < kObjectClasses; ++i) {
    objects += counts[i].objects;
    if (!MakesSense(i, counts[i])) return false;
  }
  return objects <= kMostObjects;
}

bool ObjectFolder::Add(uint64_t time_ns, uint32_t thread, RecordPayload payload) {
  uint64_t& last_ns = last_ns_[thread];
  last_ns = std::max(last_ns, time_ns);
  while (!payload.AtEnd()) {
    uint64_t size_class;
    ObjectCount count;
    if (!payload.Number(&size_class) || !payload.Number(&count.objects) ||
        !payload.Number(&count.bytes) || !MakesSense(size_class, count)) {
      return false;
    }
    ObjectCount& sum = counts_[size_class];
    sum.objects += count.objects;
    sum.bytes += count.bytes;
    if (!MakesSense(size_class, sum)) return false;
  }
  return true;
}

void ObjectFolder::AddUncounted(const Process& process, ObjectCounts* counts) const {
  for (const Sample& sample : process.samples) {
    if (!sample.is_object) continue;
    const auto last = last_ns_.find(sample.thread);
    const uint64_t time_ns = sample.allocated_ns + process.start_monotonic_ns;
    if (last != last_ns_.end() && time_ns <= last->second) continue;
    ObjectCount& count = (*counts)[ObjectClassOf(sample.size)];
    const auto objects = static_cast<uint64_t>(WeightOf(sample, process).count_q16) >> 16;
    count.objects += objects;
    count.bytes += objects * sample.size;
  }
}

void ObjectFolder::Fold(Process* process) const {
  // At such an interval some are always sampled: they stand for themselves.
  const bool has_live =
      process->counts.has_live_objects && process->interval_bytes > kMostObjectBytes;
  process->counts.has_live_objects = false;
  if (process->counts.points.empty() || !WeightsAddUp(*process)) return;
  ObjectCounts counts = counts_;
  AddUncounted(*process, &counts);
  if (!MakeSense(counts)) return;
  process->counts.objects = counts;
  if (!process->counts.has_objects()) return;
  process->counts.has_live_objects = has_live;
  if (!has_live) process->counts.points = WithPointsBetween(*process);
}

}  // namespace heapcrest
