#include "viewer/weight.h"

#include <cmath>

#include "viewer/block_overhead.h"

namespace heapcrest {

Weight WeightOf(uint64_t size, uint64_t interval_bytes, uint64_t overhead) {
  constexpr int64_t kOneBlock = 1 << 16;
  // No block of 0 bytes covers a mark: at intervals above 1 the profiler writes none.
  if (size >= interval_bytes || interval_bytes <= 1 || size == 0) {
    return {static_cast<int64_t>(size), kOneBlock, static_cast<int64_t>(overhead), 0};
  }
  const auto bytes = static_cast<double>(size);
  // expm1 keeps all digits where size / interval is tiny.
  const double probability = -std::expm1(-bytes / static_cast<double>(interval_bytes));
  return {std::llround(bytes / probability), std::llround(kOneBlock / probability),
          std::llround(static_cast<double>(overhead) / probability),
          bytes * bytes * (1 - probability) / (probability * probability)};
}

Weight WeightOf(const Sample& sample, const Process& process) {
  const uint64_t overhead =
      sample.overhead != 0 ? sample.overhead - 1 : OverheadOfBlock(sample.size);
  return WeightOf(sample.size, IntervalOf(sample, process), overhead);
}

bool WeightsAddUp(const Process& process) {
  if (process.interval_bytes > kMaxInterval) return false;
  int64_t bytes = 0, count_q16 = 0, overhead = 0;
  const auto add = [](int64_t value, int times, int64_t* sum) {
    return !__builtin_mul_overflow(value, times, &value) &&
           !__builtin_add_overflow(*sum, value, sum);
  };
  for (const Sample& sample : process.samples) {
    if (sample.size > kMaxSize) return false;
    const Weight weight = WeightOf(sample, process);
    const int most = weight.is_exact() ? 1 : kMostFactor;
    if (!add(weight.bytes, most, &bytes) || !add(weight.count_q16, most, &count_q16) ||
        !add(weight.overhead, most, &overhead)) {
      return false;
    }
  }
  return true;
}

}  // namespace heapcrest
