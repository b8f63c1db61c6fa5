// Gives each small sample a factor of its own, so that all that was counted of small blocks, and of
// Python's objects, is met at once.
//
// At a moment two things are known of the small blocks that live (how many, and what they take of
// the heap) and two of all that were allocated (how many, and what was requested). Where samples
// say otherwise, a line has probably been estimated too high or too low as well, by as much as its
// estimate varies together with those four: the optimal regression estimator (Montanari, Int.
// Statistical Review 55, 1987). It comes to one linear rule for all samples, whose estimates stay
// without bias but for a part of their variance. docs/sampling.md derives it.
//
// Of objects it is known how many bytes live, and how many each size class allocated: where all of
// a class lives, that says how many they are, and what is missing is missing elsewhere. They take
// it by their bytes times the doubt in their class.
//
// Thread-safe: pure functions.
#pragma once

#include <algorithm>
#include <optional>

#include "viewer/sample_sums.h"

namespace heapcrest {

// What a sample is multiplied by is 1 + (1 - P) times the sum of the first three, each times what
// the sample stands for; of an object 1 + its doubt times the last. Zeros leave all as it is.
struct Regression {
  double blocks = 0, bytes = 0, overhead = 0;
  double objects = 0;

  // By how much the factor is more than 1. Of large blocks: 0.
  double ChangeOf(const Weight& weight) const;
  Weight Applied(const Weight& weight) const;
};

// What was counted, and what samples say of the same.
struct CountedBlocks {
  SampledBlocks sampled;
  SmallBlocks counted;
};

// Of the small blocks of a moment. `all`: of all that was allocated in the whole run, where that is
// known.
Regression FitMoment(const CountedBlocks& live, const std::optional<CountedBlocks>& all);
// Of all that was allocated: blocks and requested bytes.
Regression FitTotal(const CountedBlocks& all);
// Of the objects that live, which take `counted_bytes` of the heap.
Regression FitObjects(const SampledBlocks& sampled, int64_t counted_bytes);

// Few samples may ask for factors beyond all sense, even for less than nothing.
inline constexpr double kLeastFactor = 0.25;

// Draws all factors of blocks towards 1, until none is below the least or above the most. Those of
// objects never are.
class FactorLimits {
 public:
  void Include(double change) {
    lowest_ = std::min(lowest_, change);
    highest_ = std::max(highest_, change);
  }

  Regression Limited(const Regression& regression) const;

 private:
  double lowest_ = 0, highest_ = 0;
};

}  // namespace heapcrest
