#include "viewer/regression.h"

#include <array>
#include <cmath>

namespace heapcrest {
namespace {

constexpr size_t kEquations = 4;
constexpr double kOneBlock = 65536;

using Vector = std::array<double, kEquations>;
using Matrix = std::array<Vector, kEquations>;

// What each equation is of, in blocks, bytes and overhead: block bytes and blocks that live,
// requested bytes and blocks in total.
constexpr double kTerms[kEquations][3] = {{0, 1, 1}, {1, 0, 0}, {0, 1, 0}, {1, 0, 0}};
constexpr bool IsOfTotal(size_t equation) { return equation >= 2; }

// An equation that those before it explain but for this share says nothing of its own: of blocks of
// one size, their number follows from their bytes.
constexpr double kLeastOwnShare = 1e-6;

// Gaussian elimination, for a matrix of covariances. What an equation without a say would give is
// 0.
Vector Solve(Matrix matrix, Vector right) {
  std::array<bool, kEquations> counts = {};
  const Matrix given = matrix;
  for (size_t p = 0; p < kEquations; ++p) {
    counts[p] = matrix[p][p] > kLeastOwnShare * given[p][p];
    if (!counts[p]) continue;
    for (size_t i = p + 1; i < kEquations; ++i) {
      const double times = matrix[i][p] / matrix[p][p];
      right[i] -= times * right[p];
      for (size_t j = p; j < kEquations; ++j) matrix[i][j] -= times * matrix[p][j];
    }
  }
  Vector solution = {};
  for (size_t p = kEquations; p-- > 0;) {
    if (!counts[p]) continue;
    for (size_t j = p + 1; j < kEquations; ++j) right[p] -= matrix[p][j] * solution[j];
    solution[p] = right[p] / matrix[p][p];
  }
  return solution;
}

double Covariance(const SampledBlocks& sampled, size_t a, size_t b) {
  double sum = 0;
  for (size_t i = 0; i < 3; ++i) {
    for (size_t j = 0; j < 3; ++j) sum += kTerms[a][i] * kTerms[b][j] * sampled.covariance[i][j];
  }
  return sum;
}

// What was counted beyond what samples say.
double Missing(const CountedBlocks& blocks, size_t equation) {
  const SmallBlocks& counted = blocks.counted;
  const SmallBlocks& sampled = blocks.sampled;
  const double* terms = kTerms[equation];
  return terms[0] * static_cast<double>(counted.count_q16 - sampled.count_q16) / kOneBlock +
         terms[1] * static_cast<double>(counted.bytes - sampled.bytes) +
         terms[2] * static_cast<double>(counted.overhead - sampled.overhead);
}

// Where hardly any sample was freed, what was freed would seem to be known far too well. So there
// is room for two freed blocks that were not seen, as in an interval for a share (Agresti and
// Coull, The American Statistician 52, 1998). A sample stands for about an interval of bytes, or
// for as many blocks as small ones make of it.
void LeaveRoomForUnseen(SampledBlocks* all) {
  constexpr double kUnseen = 2, kSmallBlock = 16;
  const double interval = all->covariance[1][1] / static_cast<double>(all->bytes);
  const double blocks = interval / kSmallBlock;
  all->covariance[1][1] += kUnseen * interval * interval;
  all->covariance[0][0] += kUnseen * blocks * blocks;
}

// nullptr: nothing is known of these.
Regression Fit(const CountedBlocks* live, const CountedBlocks* all) {
  Matrix matrix = {};
  Vector missing = {};
  for (size_t i = 0; i < kEquations; ++i) {
    const CountedBlocks* blocks = IsOfTotal(i) ? all : live;
    if (blocks == nullptr) continue;
    missing[i] = Missing(*blocks, i);
    for (size_t j = 0; j < kEquations; ++j) {
      const CountedBlocks* common = IsOfTotal(i) && IsOfTotal(j) ? all : live;  // both sum these up
      if (common == nullptr || (IsOfTotal(j) && all == nullptr)) continue;
      matrix[i][j] = Covariance(common->sampled, i, j);
    }
  }
  const Vector solution = Solve(matrix, missing);
  double of[3] = {};
  for (size_t i = 0; i < kEquations; ++i) {
    for (size_t term = 0; term < 3; ++term) of[term] += solution[i] * kTerms[i][term];
  }
  const bool is_finite = std::isfinite(of[0]) && std::isfinite(of[1]) && std::isfinite(of[2]);
  return is_finite ? Regression{of[0], of[1], of[2]} : Regression{};
}

}  // namespace

double Regression::ChangeOf(const Weight& weight) const {
  if (weight.is_scaled()) return objects * weight.doubt;
  if (weight.is_exact()) return 0;
  return weight.missed() * (blocks * weight.blocks() + bytes * static_cast<double>(weight.bytes) +
                            overhead * static_cast<double>(weight.overhead));
}

Weight Regression::Applied(const Weight& weight) const {
  const double factor = 1 + ChangeOf(weight);
  if (factor == 1) return weight;
  const auto times = [factor](int64_t value) {
    return std::llround(static_cast<double>(value) * factor);
  };
  return {times(weight.bytes), times(weight.count_q16), times(weight.overhead),
          weight.variance_bytes2 * factor * factor, weight.doubt};
}

Regression FitMoment(const CountedBlocks& live, const std::optional<CountedBlocks>& all) {
  if (live.sampled.samples <= 0) return {};
  if (!all) return Fit(&live, nullptr);
  CountedBlocks with_room = *all;
  LeaveRoomForUnseen(&with_room.sampled);
  return Fit(&live, &with_room);
}

Regression FitTotal(const CountedBlocks& all) {
  if (all.sampled.samples <= 0) return {};
  return Fit(nullptr, &all);
}

Regression FitObjects(const SampledBlocks& sampled, int64_t counted_bytes) {
  const double doubted = sampled.doubted_bytes + sampled.doubted_overhead;
  if (doubted <= 0) return {};
  const auto missing = static_cast<double>(counted_bytes - sampled.bytes - sampled.overhead);
  return {.objects = std::clamp(missing / doubted, (kLeastFactor - 1) / Weight::kMostDoubt,
                                (kMostFactor - 1.0) / Weight::kMostDoubt)};
}

Regression FactorLimits::Limited(const Regression& regression) const {
  double share = 1;
  if (lowest_ < 0) share = std::min(share, (kLeastFactor - 1) / lowest_);
  if (highest_ > 0) share = std::min(share, (kMostFactor - 1) / highest_);
  return {share * regression.blocks, share * regression.bytes, share * regression.overhead,
          regression.objects};
}

}  // namespace heapcrest
