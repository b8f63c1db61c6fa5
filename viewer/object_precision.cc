#include "viewer/object_precision.h"

#include <algorithm>

namespace heapcrest {
namespace {

constexpr double kUnseen = 2;  // samples

constexpr auto kAllocated = static_cast<size_t>(View::kAllocated);

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
  if (view == kAllocated) return 0;  // counted
  return OfViews()[view].variance;
}

double ObjectPrecision::VarianceOf(const Sum& part, size_t size_class) const {
  const Sum& all = classes_[size_class][kAllocated];
  if (part.bytes == 0 || all.bytes == 0) return 0;
  const double share = part.bytes / all.bytes;
  const double square = share * share * all.variance_bytes2;
  const double variance = (1 - 2 * share) * part.variance_bytes2 + square;
  return std::max(variance, 0.0) + kUnseen * square / all.samples;
}

// The errors of a class's parts go along with that of all of it that lives, by their share of it.
void ObjectPrecision::AddErrors(const Sums& part, size_t size_class, Errors* errors) const {
  for (size_t view = 0; view < kViewCount; ++view) {
    const Sum& live = classes_[size_class][view];
    if (live.bytes == 0) continue;
    Error& error = (*errors)[view];
    error.bytes += part[view].bytes;
    error.variance += VarianceOf(part[view], size_class);
    error.covariance += part[view].bytes / live.bytes * VarianceOf(live, size_class);
  }
}

ObjectPrecision::Errors ObjectPrecision::OfViews() const {
  Errors errors;
  for (size_t c = 0; c < kObjectClasses; ++c) AddErrors(classes_[c], c, &errors);
  return errors;
}

double ObjectPrecision::Scaled(const Error& part, const Error& whole, size_t view) const {
  if (!is_live_counted_ || view == kAllocated || whole.bytes == 0) return part.variance;
  const double share = part.bytes / whole.bytes;
  return std::max(part.variance - 2 * share * part.covariance + share * share * whole.variance,
                  0.0);
}

}  // namespace heapcrest
