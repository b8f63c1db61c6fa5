// How sure a part of a size class of Python's objects is.
//
// The samples of a class add up to what was counted of it. A part of them that weighs w of W bytes
// and has the plain variance V_w, of V for the class, has with r = w / W the variance
//
//     (1 - 2 r) V_w + r^2 V + 2 r^2 V / k
//
// (docs/sampling.md). The last term is that of two samples, of the class's k, that were not seen to
// be of others (Agresti and Coull, "Approximate is better than 'exact'", 1998): where all of them
// are of one stack, a few objects may still be another's.
//
// Thread-safe: pure functions.
#pragma once

#include <algorithm>

#include "viewer/weight.h"

namespace heapcrest {

// What samples of one class add up to.
struct ObjectSum {
  double bytes = 0, variance_bytes2 = 0, samples = 0;

  void Add(const Weight& weight) {
    bytes += static_cast<double>(weight.bytes);
    variance_bytes2 += weight.variance_bytes2;
    samples += 1;
  }
};

// In bytes^2.
inline double VarianceOf(const ObjectSum& part, const ObjectSum& all) {
  constexpr double kUnseen = 2;  // samples
  if (part.bytes == 0 || all.bytes == 0) return 0;
  const double share = part.bytes / all.bytes;
  const double square = share * share * all.variance_bytes2;
  const double variance = (1 - 2 * share) * part.variance_bytes2 + square;
  return std::max(variance, 0.0) + kUnseen * square / all.samples;
}

}  // namespace heapcrest
