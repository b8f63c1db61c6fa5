#include "viewer/sample_sums.h"

namespace heapcrest {

void SampledBlocks::Add(const Weight& weight, int64_t times) {
  samples += times;
  bytes += times * weight.bytes;
  count_q16 += times * weight.count_q16;
  overhead += times * weight.overhead;
  doubted_bytes += static_cast<double>(times * weight.bytes) * weight.doubt;
  doubted_overhead += static_cast<double>(times * weight.overhead) * weight.doubt;
  const double missed = static_cast<double>(times) * weight.missed();
  const double stands_for[] = {weight.blocks(), static_cast<double>(weight.bytes),
                               static_cast<double>(weight.overhead)};
  for (size_t i = 0; i < 3; ++i) {
    for (size_t j = 0; j < 3; ++j) covariance[i][j] += missed * stands_for[i] * stands_for[j];
  }
}

void SampleSums::Add(const Weight& weight, int64_t times) {
  if (weight.is_scaled()) return objects.Add(weight, times);
  if (!weight.is_exact()) return small.Add(weight, times);
  large.blocks += times;
  large.bytes += times * weight.bytes;
  large.overhead += times * weight.overhead;
}

}  // namespace heapcrest
