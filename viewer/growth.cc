#include "viewer/growth.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "viewer/live_at.h"
#include "viewer/live_sums.h"
#include "viewer/sample_weights.h"

namespace heapcrest {
namespace {

// Where the stretch begins, and what was live there.
struct Start {
  Moment at;
  int64_t bytes = 0;
  Calibration calibration;
};

int64_t BytesOf(const SampleSums& sums, const Truth& truth) {
  return sums.large.bytes + truth.small.bytes + truth.objects.bytes;
}

// By the samples alone.
Start BySamples(const Process& process, const SampleWeights& weights, const Moment& peak,
                int64_t most) {
  Start start;
  EventOrder order(process);
  int64_t live = 0;
  for (Event event;
       order.allocations() + order.frees() < peak.allocations + peak.frees && order.Next(&event);) {
    const int64_t bytes = weights[event.sample].bytes;
    live += event.is_free ? -bytes : bytes;
    if (live > most) continue;
    const Sample& sample = process.samples[event.sample];
    start.at = {event.is_free ? sample.freed_ns : sample.allocated_ns, order.allocations(),
                order.frees()};
  }
  const SampleSums sums = LiveSums(process, weights).At(start.at);
  start.calibration = {TruthOf(sums), {}, sums};
  start.bytes = BytesOf(sums, start.calibration.truth);
  return start;
}

// Between two points large blocks tell: those freed directly after `point` were not live either.
HeapPoint BehindLargeFrees(const Process& process, const Moment& peak, HeapPoint point) {
  EventOrder order(process);
  Event event;
  while (order.allocations() + order.frees() < point.at.allocations + point.at.frees) {
    if (!order.Next(&event)) return point;
  }
  while (point.at.frees < peak.frees && order.Next(&event) && event.is_free) {
    const Sample& sample = process.samples[event.sample];
    if (!IsLarge(sample, process)) break;
    const auto bytes = static_cast<int64_t>(sample.size + sample.overhead) - 1;
    if (bytes > point.block_bytes) break;  // hostile
    point.at = {sample.freed_ns, order.allocations(), order.frees()};
    point.block_bytes -= bytes;
    --point.blocks;
  }
  return point;
}

Start ByCounts(const Process& process, const SampleWeights& weights, const Peak& peak,
               int64_t most) {
  const auto truth_at = [&](const HeapPoint& point, const SampleSums& sums) {
    return TruthAt(process.counts, point, sums, peak.usual_overhead);
  };
  HeapPoint last;
  LiveSums live(process, weights);
  for (size_t i = 0; i < peak.point; ++i) {
    const HeapPoint& point = process.counts.points[i];
    const SampleSums& sums = live.At(point.at);
    if (BytesOf(sums, truth_at(point, sums)) <= most) last = point;
  }
  last = BehindLargeFrees(process, peak.moment, last);
  const SampleSums sums = LiveSums(process, weights).At(last.at);
  const Truth truth = truth_at(last, sums);
  const LiveAt is_live(process, last.at);
  const auto for_each = [&](const auto& visit) {
    for (size_t i = 0; i < last.at.allocations; ++i) {
      if (is_live[i]) visit(weights[i]);
    }
  };
  const Regression fitted = FitLive(sums, truth, peak.in_total);
  return {last.at, BytesOf(sums, truth), Calibrate(truth, fitted, for_each)};
}

// Adds up what grew, by frame.
class GrowthByFrame {
 public:
  Amount& operator[](uint32_t frame) { return amounts_[frame]; }

  std::vector<LineGrowth> MostFirst(const Recording& recording) const {
    std::vector<LineGrowth> lines;
    for (const auto& [frame, amount] : amounts_) {
      if (amount.bytes != 0) lines.push_back({frame, amount});
    }
    std::sort(lines.begin(), lines.end(), [&](const LineGrowth& a, const LineGrowth& b) {
      if (a.amount.bytes != b.amount.bytes) return a.amount.bytes > b.amount.bytes;
      if (a.frame == kNone || b.frame == kNone) return a.frame < b.frame;
      return recording.frames[a.frame] < recording.frames[b.frame];
    });
    return lines;
  }

 private:
  absl::flat_hash_map<uint32_t, Amount> amounts_;
};

double VarianceOf(const Amount& amount, const Weight& weight) {
  return weight.is_scaled() ? weight.variance_bytes2 : amount.variance_bytes2;
}

void Add(const Amount& now, int64_t times, Amount* amount) {
  amount->bytes += times * now.bytes;
  amount->count_q16 += times * now.count_q16;
}

void AddSamples(const Process& process, const SampleWeights& weights, const Peak& peak,
                const Start& start, const CallTree& tree, const std::vector<uint32_t>& frame_of,
                GrowthByFrame* growth) {
  const LiveAt at_start(process, start.at), at_peak(process, peak.moment);
  Scaler then(start.calibration), now(peak.calibration[0]);
  for (size_t i = 0; i < peak.moment.allocations; ++i) {
    if (!at_start[i] && !at_peak[i]) continue;
    const Weight weight = weights[i];
    Amount& amount = (*growth)[frame_of[tree.node_of_stack[process.samples[i].stack]]];
    if (at_peak[i]) {
      const Amount held = now.AmountOf(weight);
      Add(held, 1, &amount);
      if (!at_start[i]) amount.variance_bytes2 += VarianceOf(held, weight);
      if (!at_start[i]) ++amount.samples;
    }
    if (at_start[i]) {
      const Amount held = then.AmountOf(weight);
      Add(held, -1, &amount);
      if (!at_peak[i]) amount.variance_bytes2 += VarianceOf(held, weight);
    }
  }
}

}  // namespace

Growth FindGrowth(const Recording& recording, const Process& process, const Peak& peak,
                  const CallTree& tree, const std::vector<uint32_t>& frame_of) {
  const SampleWeights weights(process);
  const int64_t held = peak.total[0].bytes;
  const int64_t most = held - held / 4;
  const Start start = process.counts.points.empty() ? BySamples(process, weights, peak.moment, most)
                                                    : ByCounts(process, weights, peak, most);
  GrowthByFrame by_frame;
  AddSamples(process, weights, peak, start, tree, frame_of, &by_frame);
  Add(peak.not_sampled[0], 1, &by_frame[recording.not_sampled_frame]);
  Add(NotSampled(start.calibration.sums, start.calibration.truth), -1,
      &by_frame[recording.not_sampled_frame]);
  Growth growth;
  // Nothing came before the next allocation: what idled until then did not grow.
  growth.from_ns = start.at.time_ns;
  if (start.at.allocations < peak.moment.allocations) {
    growth.from_ns = std::max(growth.from_ns, process.samples[start.at.allocations].allocated_ns);
  }
  growth.from_ns = std::min(growth.from_ns, peak.moment.time_ns);
  growth.from_bytes = start.bytes;
  growth.bytes = held - growth.from_bytes;
  growth.lines = by_frame.MostFirst(recording);
  return growth;
}

}  // namespace heapcrest
