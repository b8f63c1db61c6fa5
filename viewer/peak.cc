#include "viewer/peak.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "profiler/format/record.h"
#include "viewer/live_sums.h"
#include "viewer/object_precision.h"
#include "viewer/sample_weights.h"
#include "viewer/views.h"

namespace heapcrest {
namespace {

// By the samples alone.
Moment FindMoment(const Process& process, const Span& span) {
  EventOrder order(process);
  Moment moment;
  int64_t live = 0, highest = 0;
  for (Event event; order.Next(&event);) {
    const Sample& sample = process.samples[event.sample];
    const int64_t bytes = WeightOf(sample, process).bytes;
    const uint64_t time_ns = event.is_free ? sample.freed_ns : sample.allocated_ns;
    if (time_ns > span.to_ns) break;
    live += event.is_free ? -bytes : bytes;
    if (time_ns >= span.from_ns && (event.is_free || live < highest)) continue;
    highest = live;
    moment = {time_ns, order.allocations(), order.frees()};
  }
  return moment;
}

// Amounts of the stacks that occur, found by stack.
class AmountsByStack {
 public:
  explicit AmountsByStack(size_t stack_count) : places_(stack_count, kNone) {}

  Amounts& operator[](uint32_t stack) {
    uint32_t& place = places_[stack];
    if (place == kNone) {
      place = static_cast<uint32_t>(amounts_.size());
      amounts_.push_back({stack, {}});
    }
    return amounts_[place].amounts;
  }

  std::vector<StackAmounts> Sorted() const {
    std::vector<StackAmounts> sorted;
    sorted.reserve(amounts_.size());
    for (const uint32_t place : places_) {
      if (place != kNone) sorted.push_back(amounts_[place]);
    }
    return sorted;
  }

 private:
  std::vector<uint32_t> places_;
  std::vector<StackAmounts> amounts_;
};

double UsualOverhead(const Process& process, const SampleWeights& weights) {
  SampleSums sums;
  for (size_t i = 0; i < process.samples.size(); ++i) sums.Add(weights[i]);
  return MeanOverhead(sums.small, kGlibcMeanOverhead);
}

// What was requested, at one point after the other: of what blocks take of the heap, with the same
// overhead for each. What the samples of each moment say of it varies; the highest of many such
// figures would be one that is too high.
class RequestedBytes {
 public:
  RequestedBytes(const Process& process, const SampleWeights& weights)
      : block_overhead_(UsualOverhead(process, weights)),
        object_overhead_(UsualSlack(process.counts.objects)) {
    // It sorts all frees.
    if (!process.counts.has_live_objects) by_samples_.emplace(process, weights);
  }

  int64_t At(const HeapPoint& point) {
    return point.block_bytes - std::llround(block_overhead_ * static_cast<double>(point.blocks)) +
           ObjectBytes(point);
  }

 private:
  int64_t ObjectBytes(const HeapPoint& point) {
    if (by_samples_) return by_samples_->At(point.at).objects.bytes;
    return point.object_bytes - std::llround(object_overhead_ * static_cast<double>(point.objects));
  }

  const double block_overhead_, object_overhead_;
  std::optional<LiveSums> by_samples_;
};

bool IsSame(const HeapPoint& a, const HeapPoint& b) {
  return a.at.allocations == b.at.allocations && a.at.frees == b.at.frees &&
         a.block_bytes == b.block_bytes && a.object_bytes == b.object_bytes;
}

// Where most was requested of malloc's blocks and Python's objects; the last of equal ones, when it
// was reached.
size_t HighestPoint(const Process& process, const SampleWeights& weights, const Span& span) {
  RequestedBytes live(process, weights);
  size_t highest = 0;
  int64_t most = INT64_MIN;
  for (size_t i = 0; i < process.counts.points.size(); ++i) {
    const HeapPoint& point = process.counts.points[i];
    if (point.at.time_ns > span.to_ns) break;
    const int64_t bytes = live.At(point);
    if (point.at.time_ns >= span.from_ns && bytes < most) continue;
    most = bytes;
    const HeapPoint& before = process.counts.points[highest];
    if (before.at.time_ns < span.from_ns || !IsSame(before, point)) highest = i;
  }
  return highest;
}

// By how much the threads of a process that was killed may have changed its live bytes without
// having said so: all their shares (profiler/counters.h).
int64_t UnsaidAtEnd(const Process& process, size_t peak_point) {
  if (process.exit.kind == Exit::Kind::kExited) return 0;
  constexpr int64_t kMostSteps = 4;
  const auto bytes = [](const HeapPoint& point) { return point.block_bytes + point.object_bytes; };
  const int64_t peak = bytes(process.counts.points[peak_point]);
  const int64_t below = std::max<int64_t>(peak - bytes(process.counts.points.back()), 0);
  const int64_t step = PeakStep(peak);
  return step + std::min(below / 2, (kMostSteps - 1) * step);
}

void AddObjectPrecision(const ObjectPrecision& objects, AmountsByStack* stacks, Amounts* total) {
  objects.ForEachStack([stacks](uint32_t stack, size_t view, double variance) {
    (*stacks)[stack][view].object_variance_bytes2 += variance;
  });
  for (size_t view = 0; view < kViewCount; ++view) {
    (*total)[view].object_variance_bytes2 = objects.InView(view);
  }
}

// Scales each sample as its view does; returns the amounts of the stacks.
AmountsByStack ScaleSamples(const Process& process, const SampleWeights& weights,
                            const Views& views, Peak* peak) {
  const auto& calibration = peak->calibration;
  std::array<Scaler, kViewCount> scalers = {Scaler(calibration[0]), Scaler(calibration[1]),
                                            Scaler(calibration[2])};
  AmountsByStack stacks(process.stacks.size());
  ObjectPrecision objects(process.counts.has_live_objects);
  for (size_t i = 0; i < process.samples.size(); ++i) {
    const Sample& sample = process.samples[i];
    const Weight weight = weights[i];
    Amounts& amounts = stacks[sample.stack];
    for (size_t view = 0; view < kViewCount; ++view) {
      if (!views.Holds(view, i)) continue;
      const Amount amount = scalers[view].AmountOf(weight);
      amounts[view] += amount;
      peak->total[view] += amount;
      if (weight.is_scaled()) objects.Add(sample, weight, view);
    }
  }
  AddObjectPrecision(objects, &stacks, &peak->total);
  return stacks;
}

void AddNotSampled(const SampleWeights& weights, Peak* peak) {
  for (size_t view = 0; view < kViewCount; ++view) {
    const Calibration& calibration = peak->calibration[view];
    peak->not_sampled[view] = NotSampled(calibration.sums, calibration.truth);
    if (view == 2) peak->not_sampled[view] += weights.unsampled_objects();
    peak->total[view] += peak->not_sampled[view];
  }
}

// How sure the sums are. `sums` are of weights as they are.
void SetPrecision(const Process& process, const std::array<SampleSums, kViewCount>& sums,
                  Peak* peak) {
  const bool is_counted = !process.counts.points.empty();
  for (size_t view = 0; view < kViewCount; ++view) {
    const Amount& total = peak->total[view];
    peak->precision[view] = {is_counted, total.scaled_bytes, total.variance_bytes2, 0};
  }
  const auto& calibration = peak->calibration;
  if (is_counted) {  // what was requested in total is known exactly
    const HeapPoint& most = process.counts.points[peak->point];
    const auto step = static_cast<double>(PeakStep(most.block_bytes + most.object_bytes));
    peak->precision[0].of_sum_bytes2 =
        VarianceOfSum(sums[0].small, calibration[0].truth.small, step);
    const double unsaid = static_cast<double>(UnsaidAtEnd(process, peak->point));
    peak->precision[1].of_sum_bytes2 =
        VarianceOfSum(sums[1].small, calibration[1].truth.small, unsaid);
  }
  if (!process.counts.has_live_objects) return;
  for (const size_t view : {size_t{0}, size_t{1}}) {
    peak->total[view].object_variance_bytes2 =
        VarianceOfSum(sums[view].objects, calibration[view].truth.objects, 0);
  }
}

// The peak at one of the points, or at the moment that the samples say when there are none.
Peak PeakAt(const Process& process, const SampleWeights& weights, size_t point, const Span& span) {
  const bool is_counted = !process.counts.points.empty();
  Peak peak;
  peak.point = point;
  peak.moment = is_counted ? process.counts.points[point].at : FindMoment(process, span);
  const Views views(process, weights, peak.moment);
  const std::array<SampleSums, kViewCount> sums = views.Sums();
  peak.calibration = views.Calibrations(sums, point);
  peak.stacks = ScaleSamples(process, weights, views, &peak).Sorted();
  AddNotSampled(weights, &peak);
  SetPrecision(process, sums, &peak);
  const Calibration& allocated = peak.calibration[2];
  peak.usual_overhead = MeanOverhead(sums[2].small, kGlibcMeanOverhead);
  peak.in_total = CountedInTotal(process, sums[2], allocated.truth);
  peak.allocated_scale = ScaleOf(allocated.regression, sums[2], allocated.truth);
  return peak;
}

}  // namespace

void AddWeight(const Weight& weight, Amount* amount) {
  amount->bytes += weight.bytes;
  amount->count_q16 += weight.count_q16;
  amount->samples += 1;
  amount->overhead += weight.overhead;
  amount->variance_bytes2 += weight.variance_bytes2;
}

Peak FindPeak(const Process& process, const Span& span) {
  const SampleWeights weights(process);
  Peak peak = PeakAt(process, weights, HighestPoint(process, weights, span), span);
  const size_t points = process.counts.points.size();
  // Of blocks that took as much, other ones may have held a little more of what was requested.
  if (span.is_whole() && points != 0 && peak.total[1].bytes > peak.total[0].bytes) {
    peak = PeakAt(process, weights, points - 1, span);
  }
  return peak;
}

}  // namespace heapcrest
