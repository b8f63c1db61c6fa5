#include "viewer/object_precision.h"

#include <algorithm>

namespace heapcrest {
namespace {

constexpr double kUnseen = 2;  // samples

}  // namespace

void ObjectPrecision::Add(const Sample& sample, const Weight& weight, size_t view) {
  const size_t size_class = ObjectClassOf(sample.size);
  for (Sums* sums : {&parts_[{sample.stack, size_class}], &classes_[size_class]}) {
    (*sums)[view].bytes += static_cast<double>(weight.bytes);
    (*sums)[view].variance_bytes2 += weight.variance_bytes2;
    (*sums)[view].samples += 1;
  }
}

double ObjectPrecision::InView(size_t view) const {
  double variance = 0;
  if (view == static_cast<size_t>(View::kAllocated)) return variance;  // counted
  for (size_t c = 0; c < kObjectClasses; ++c) variance += VarianceOf(classes_[c][view], c);
  return variance;
}

double ObjectPrecision::VarianceOf(const Sum& part, size_t size_class) const {
  const Sum& all = classes_[size_class][static_cast<size_t>(View::kAllocated)];
  if (part.bytes == 0 || all.bytes == 0) return 0;
  const double share = part.bytes / all.bytes;
  const double square = share * share * all.variance_bytes2;
  const double variance = (1 - 2 * share) * part.variance_bytes2 + square;
  return std::max(variance, 0.0) + kUnseen * square / all.samples;
}

}  // namespace heapcrest
