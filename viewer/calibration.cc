#include "viewer/calibration.h"

#include <algorithm>
#include <cmath>

#include "absl/numeric/int128.h"

namespace heapcrest {
namespace {

constexpr double kOneBlock = 65536;
constexpr double kGlibcMeanOverhead = 16;

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

}  // namespace

void SampleSums::Add(const Sample& sample, const Weight& weight, int64_t times) {
  if (weight.is_scaled) {
    objects.bytes += times * weight.bytes;
    objects.count_q16 += times * weight.count_q16;
    objects.overhead += times * weight.overhead;
  } else if (weight.is_exact()) {
    large.blocks += times;
    large.bytes += times * weight.bytes;
    large.overhead += times * weight.overhead;
  } else {
    bytes += times * weight.bytes;
    count_q16 += times * weight.count_q16;
    overhead += times * weight.overhead;
    const auto size = static_cast<double>(sample.size);
    double moment = static_cast<double>(times) * weight.variance_bytes2 / (size * size);
    for (double& sum : spread) {
      sum += moment;
      moment *= static_cast<double>(std::max(sample.overhead, 1u) - 1);
    }
  }
}

double MeanOverhead(const SampleSums& sums) {
  if (sums.count_q16 <= 0) return kGlibcMeanOverhead;
  return static_cast<double>(sums.overhead) / static_cast<double>(sums.count_q16) * kOneBlock;
}

Amount NotSampled(const SampleSums& sums, const SmallBlocks& truth) {
  Amount amount;
  if (sums.bytes != 0) return amount;
  amount.bytes = amount.scaled_bytes = truth.bytes;
  amount.count_q16 = truth.count_q16;
  amount.overhead = truth.overhead;
  return amount;
}

SmallBlocks SmallBlocksAt(const HeapPoint& point, const SampleSums& sums, double usual_overhead) {
  const double mean = sums.count_q16 > 0 ? MeanOverhead(sums) : usual_overhead;
  return WithOverhead(point.block_bytes - sums.large.bytes - sums.large.overhead,
                      point.blocks - sums.large.blocks, mean);
}

SmallBlocks SmallBlocksInTotal(const HeapCounts& counts, const SampleSums& sums,
                               double usual_overhead) {
  const int64_t bytes = static_cast<int64_t>(counts.requested_bytes) - sums.large.bytes;
  const int64_t blocks = static_cast<int64_t>(counts.allocated_blocks) - sums.large.blocks;
  SmallBlocks small = WithOverhead(INT64_MAX, blocks, usual_overhead);
  small.bytes = std::max<int64_t>(bytes, 0);
  return small;
}

double VarianceOfSum(const SampleSums& sums, const SmallBlocks& truth, double step) {
  const double of_step = step * step / 4;  // 1.96 standard deviations cover the step
  if (sums.count_q16 <= 0) return of_step;
  // The mean is a ratio of two estimates: the variance of its linearization.
  const double mean = MeanOverhead(sums);
  const double blocks = static_cast<double>(sums.count_q16) / kOneBlock;
  const double of_mean =
      (sums.spread[2] - 2 * mean * sums.spread[1] + mean * mean * sums.spread[0]) /
      (blocks * blocks);
  const double true_blocks = static_cast<double>(truth.count_q16) / kOneBlock;
  return std::max(of_mean, 0.0) * true_blocks * true_blocks + of_step;
}

Scale ScaleOf(const SampleSums& sums, const SmallBlocks& truth) {
  return {Ratio(truth.bytes, sums.bytes), Ratio(truth.count_q16, sums.count_q16),
          Ratio(truth.overhead, sums.overhead)};
}

Amount Scaler::AmountOf(const Weight& weight) {
  Amount amount;
  amount.samples = 1;
  if (weight.is_exact() || weight.is_scaled) {
    amount.bytes = weight.bytes;
    amount.count_q16 = weight.count_q16;
    amount.overhead = weight.overhead;
    return amount;
  }
  amount.bytes = Share(weight.bytes, sums_.bytes, truth_.bytes, &raw_.bytes, &given_.bytes);
  amount.count_q16 = Share(weight.count_q16, sums_.count_q16, truth_.count_q16, &raw_.count_q16,
                           &given_.count_q16);
  amount.overhead =
      Share(weight.overhead, sums_.overhead, truth_.overhead, &raw_.overhead, &given_.overhead);
  amount.scaled_bytes = amount.bytes;
  const double factor = Ratio(truth_.bytes, sums_.bytes);
  amount.variance_bytes2 = weight.variance_bytes2 * factor * factor;
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
