#include "viewer/calibration.h"

#include <algorithm>
#include <cmath>

#include "absl/numeric/int128.h"

namespace heapcrest {
namespace {

constexpr double kOneBlock = 65536;

// Adds to *raw and returns by how much *given grows with it: up to `truth` in the end.
int64_t Share(int64_t weight, int64_t whole, int64_t truth, int64_t* raw, int64_t* given) {
  *raw += weight;
  if (whole == 0) return 0;
  const auto next = static_cast<int64_t>(absl::int128(truth) * *raw / whole);
  const int64_t share = next - *given;
  *given = next;
  return share;
}

SmallBlocks WithOverhead(int64_t bytes_and_overhead, int64_t blocks, double mean_overhead) {
  blocks = std::max<int64_t>(blocks, 0);
  bytes_and_overhead = std::max<int64_t>(bytes_and_overhead, 0);
  const auto overhead = std::min<int64_t>(
      bytes_and_overhead, std::llround(static_cast<double>(blocks) * mean_overhead));
  return {bytes_and_overhead - overhead, blocks << 16, overhead};
}

double Ratio(int64_t truth, int64_t sum) {
  return sum == 0 ? 1 : static_cast<double>(truth) / static_cast<double>(sum);
}

// Requested of what `heap_bytes` of pools hold: as samples say with their factors.
SmallBlocks ObjectsIn(int64_t heap_bytes, int64_t objects, const SampledBlocks& sampled) {
  const double change = FitObjects(sampled, heap_bytes).objects;
  const double bytes = static_cast<double>(sampled.bytes) + change * sampled.doubted_bytes;
  const double overhead = static_cast<double>(sampled.overhead) + change * sampled.doubted_overhead;
  const auto requested = static_cast<double>(heap_bytes) * bytes / (bytes + overhead);
  const int64_t whole = std::clamp<int64_t>(std::llround(requested), 0, heap_bytes);
  return {whole, objects << 16, heap_bytes - whole};
}

Amount AmountOf(const SmallBlocks& blocks) {
  Amount amount;
  amount.bytes = blocks.bytes;
  amount.count_q16 = blocks.count_q16;
  amount.overhead = blocks.overhead;
  return amount;
}

}  // namespace

double MeanOverhead(const SmallBlocks& sampled, double usual) {
  if (sampled.count_q16 <= 0) return usual;
  return static_cast<double>(sampled.overhead) / static_cast<double>(sampled.count_q16) * kOneBlock;
}

double UsualSlack(const ObjectCounts& counts) {
  double objects = 0, slack = 0;
  for (size_t i = 0; i < kObjectClasses; ++i) {
    const auto count = static_cast<double>(counts[i].objects);
    objects += count;
    slack += count * static_cast<double>((i + 1) * kObjectClassBytes) -
             static_cast<double>(counts[i].bytes);
  }
  return objects == 0 ? 0 : slack / objects;
}

Amount NotSampled(const SampleSums& sums, const Truth& truth) {
  Amount amount;
  if (sums.small.bytes == 0) {
    amount += AmountOf(truth.small);
    amount.scaled_bytes = truth.small.bytes;
  }
  if (sums.objects.bytes == 0) amount += AmountOf(truth.objects);
  return amount;
}

Truth TruthAt(const HeapCounts& counts, const HeapPoint& point, const SampleSums& sums,
              double usual_overhead) {
  Truth truth;
  truth.small =
      WithOverhead(point.block_bytes - sums.large.bytes - sums.large.overhead,
                   point.blocks - sums.large.blocks, MeanOverhead(sums.small, usual_overhead));
  truth.objects = sums.objects;
  if (!counts.has_live_objects) return truth;
  const int64_t heap_bytes = std::max<int64_t>(point.object_bytes, 0);
  const int64_t objects = std::max<int64_t>(point.objects, 0);
  truth.objects = sums.objects.bytes > 0
                      ? ObjectsIn(heap_bytes, objects, sums.objects)
                      : WithOverhead(heap_bytes, objects, UsualSlack(counts.objects));
  return truth;
}

Truth TruthInTotal(const HeapCounts& counts, const SampleSums& sums, double usual_overhead) {
  const int64_t bytes = static_cast<int64_t>(counts.requested_bytes) - sums.large.bytes;
  const int64_t blocks = static_cast<int64_t>(counts.allocated_blocks) - sums.large.blocks;
  Truth truth = {WithOverhead(INT64_MAX, blocks, usual_overhead), sums.objects};
  truth.small.bytes = std::max<int64_t>(bytes, 0);
  return truth;
}

Truth TruthOf(const SampleSums& sums) { return {sums.small, sums.objects}; }

double VarianceOfSum(const SampledBlocks& sampled, const SmallBlocks& truth, double step) {
  const double of_step = step * step / 4;  // 1.96 standard deviations cover the step
  if (sampled.count_q16 <= 0) return of_step;
  // The mean is a ratio of two estimates: the variance of its linearization.
  const double mean = MeanOverhead(sampled, 0);
  const double blocks = static_cast<double>(sampled.count_q16) / kOneBlock;
  const double of_mean = (sampled.covariance[2][2] - 2 * mean * sampled.covariance[0][2] +
                          mean * mean * sampled.covariance[0][0]) /
                         (blocks * blocks);
  const double true_blocks = static_cast<double>(truth.count_q16) / kOneBlock;
  return std::max(of_mean, 0.0) * true_blocks * true_blocks + of_step;
}

Regression FitLive(const SampleSums& sums, const Truth& truth,
                   const std::optional<CountedBlocks>& all) {
  Regression fitted = FitMoment({sums.small, truth.small}, all);
  const SmallBlocks& objects = truth.objects;
  fitted.objects = FitObjects(sums.objects, objects.bytes + objects.overhead).objects;
  return fitted;
}

Scale ScaleOf(const Regression& regression, const SampleSums& sums, const Truth& truth) {
  const auto& covariance = sums.small.covariance;
  const auto ratio = [&](int64_t counted, int64_t sampled, double unit, size_t of) {
    const double change = regression.blocks * covariance[of][0] +
                          regression.bytes * covariance[of][1] +
                          regression.overhead * covariance[of][2];
    const double sum = static_cast<double>(sampled) + unit * change;
    return sum <= 0 ? 1 : static_cast<double>(counted) / sum;
  };
  const double objects =
      static_cast<double>(sums.objects.bytes) + regression.objects * sums.objects.doubted_bytes;
  return {regression, ratio(truth.small.bytes, sums.small.bytes, 1, 1),
          ratio(truth.small.count_q16, sums.small.count_q16, kOneBlock, 0),
          ratio(truth.small.overhead, sums.small.overhead, 1, 2),
          objects <= 0 ? 1 : static_cast<double>(truth.objects.bytes) / objects};
}

Scaler::Scaler(const Calibration& calibration)
    : regression_(calibration.regression),
      small_{calibration.sums.small, calibration.truth.small, {}, {}},
      objects_{calibration.sums.objects, calibration.truth.objects, {}, {}} {}

Amount Scaler::Group::Next(const Weight& weight) {
  Amount amount;
  amount.bytes = Share(weight.bytes, sampled.bytes, truth.bytes, &raw.bytes, &given.bytes);
  amount.count_q16 =
      Share(weight.count_q16, sampled.count_q16, truth.count_q16, &raw.count_q16, &given.count_q16);
  amount.overhead =
      Share(weight.overhead, sampled.overhead, truth.overhead, &raw.overhead, &given.overhead);
  return amount;
}

Amount Scaler::AmountOf(const Weight& weight) {
  Amount amount;
  if (weight.is_scaled()) {
    amount = objects_.Next(regression_.Applied(weight));
  } else if (weight.is_exact()) {
    amount.bytes = weight.bytes;
    amount.count_q16 = weight.count_q16;
    amount.overhead = weight.overhead;
  } else {
    const Weight calibrated = regression_.Applied(weight);
    amount = small_.Next(calibrated);
    amount.scaled_bytes = amount.bytes;
    const double factor = Ratio(small_.truth.bytes, small_.sampled.bytes);
    amount.variance_bytes2 = calibrated.variance_bytes2 * factor * factor;
  }
  amount.samples = 1;
  return amount;
}

double HalfWidth95(const Amount& part, const Precision& view) {
  double variance = part.variance_bytes2;
  if (view.is_calibrated && view.scaled_bytes != 0) {
    const double share = Ratio(part.scaled_bytes, view.scaled_bytes);
    variance =
        (1 - 2 * share) * variance + share * share * (view.variance_bytes2 + view.of_sum_bytes2);
  }
  return 1.96 * std::sqrt(std::max(variance, 0.0) + part.object_variance_bytes2);
}

}  // namespace heapcrest
