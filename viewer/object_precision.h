// How sure it is what Python's small objects hold, in a stack or in a whole view.
//
// The samples of a size class add up to what was counted of it. A part of them that weighs w of W
// bytes and has the plain variance V_w, of V for the class, has with r = w / W the variance
//
//     (1 - 2 r) V_w + r^2 V + 2 r^2 V / k
//
// (docs/sampling.md). The last term is that of two samples, of the class's k, that were not seen to
// be of others (Agresti and Coull, "Approximate is better than 'exact'", 1998): where all of them
// are of one stack, a few objects may still be another's. Variances of stacks are added up. Errors
// of stacks in a class have opposite signs, since their sum is known: so what many stacks add up to
// is shown as less sure than it is, never as surer.
//
// Not thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <utility>

#include "viewer/call_tree.h"
#include "viewer/recording.h"
#include "viewer/weight.h"

namespace heapcrest {

class ObjectPrecision {
 public:
  // A calibrated object in a view.
  void Add(const Sample& sample, const Weight& weight, size_t view);

  // Calls use(stack, view, variance) for each stack that has objects.
  template <typename Use>
  void ForEachStack(Use use) const {
    for (const auto& [part, sums] : parts_) {
      for (size_t view = 0; view < kViewCount; ++view) {
        use(part.first, view, VarianceOf(sums[view], part.second));
      }
    }
  }

  // Of all objects.
  double InView(size_t view) const;

 private:
  struct Sum {
    double bytes = 0, variance_bytes2 = 0, samples = 0;
  };
  using Sums = std::array<Sum, kViewCount>;

  double VarianceOf(const Sum& part, size_t size_class) const;

  std::map<std::pair<uint32_t, size_t>, Sums> parts_;  // by stack and size class
  std::array<Sums, kObjectClasses> classes_;
};

}  // namespace heapcrest
