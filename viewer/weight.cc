#include "viewer/weight.h"

#include <cmath>

namespace heapcrest {

Weight WeightOf(uint64_t size, uint64_t interval_bytes) {
  constexpr int64_t kOneBlock = 1 << 16;
  // No block of 0 bytes covers a mark: at intervals above 1 the profiler writes none.
  if (size >= interval_bytes || interval_bytes <= 1 || size == 0) {
    return {static_cast<int64_t>(size), kOneBlock, 0};
  }
  const auto bytes = static_cast<double>(size);
  // expm1 keeps all digits where size / interval is tiny.
  const double probability = -std::expm1(-bytes / static_cast<double>(interval_bytes));
  return {std::llround(bytes / probability), std::llround(kOneBlock / probability),
          bytes * bytes * (1 - probability) / (probability * probability)};
}

bool WeightsAddUp(const Process& process) {
  if (process.interval_bytes > kMaxInterval) return false;
  int64_t bytes = 0, count_q16 = 0;
  for (const Sample& sample : process.samples) {
    if (sample.size > kMaxSize) return false;
    const Weight weight = WeightOf(sample.size, process.interval_bytes);
    if (__builtin_add_overflow(bytes, weight.bytes, &bytes)) return false;
    if (__builtin_add_overflow(count_q16, weight.count_q16, &count_q16)) return false;
  }
  return true;
}

double HalfWidth95(double variance_bytes2) { return 1.96 * std::sqrt(variance_bytes2); }

}  // namespace heapcrest
