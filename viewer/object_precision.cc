#include "viewer/object_precision.h"

#include <algorithm>

namespace heapcrest {
namespace {

constexpr auto kAllocated = static_cast<size_t>(View::kAllocated);

}  // namespace

void ObjectPrecision::Add(const Sample& sample, const Weight& weight, size_t view) {
  const size_t size_class = ObjectClassOf(sample.size);
  for (Sums* sums : {&parts_[{sample.stack, size_class}], &classes_[size_class]})
    (*sums)[view].Add(weight);
  doubt_[size_class] = weight.doubt;
}

double ObjectPrecision::InView(size_t view) const {
  if (view == kAllocated) return 0;  // counted
  return OfViews()[view].variance;
}

double ObjectPrecision::VarianceInClass(const ObjectSum& part, size_t size_class) const {
  return VarianceOf(part, classes_[size_class][kAllocated]);
}

// The errors of a class's parts go along with that of all of it that lives, by their share of it.
void ObjectPrecision::AddErrors(const Sums& part, size_t size_class, Errors* errors) const {
  for (size_t view = 0; view < kViewCount; ++view) {
    const ObjectSum& live = classes_[size_class][view];
    if (live.bytes == 0) continue;
    Error& error = (*errors)[view];
    error.doubted_bytes += doubt_[size_class] * part[view].bytes;
    error.variance += VarianceInClass(part[view], size_class);
    error.covariance += part[view].bytes / live.bytes * VarianceInClass(live, size_class);
  }
}

ObjectPrecision::Errors ObjectPrecision::OfViews() const {
  Errors errors;
  for (size_t c = 0; c < kObjectClasses; ++c) AddErrors(classes_[c], c, &errors);
  return errors;
}

double ObjectPrecision::Scaled(const Error& part, const Error& whole, size_t view) const {
  if (!is_live_counted_ || view == kAllocated || whole.doubted_bytes == 0) return part.variance;
  const double share = part.doubted_bytes / whole.doubted_bytes;
  return std::max(part.variance - 2 * share * part.covariance + share * share * whole.variance,
                  0.0);
}

}  // namespace heapcrest
