// How sure it is what Python's small objects hold, in a stack or in a whole view.
//
// A stack's part of a size class has the variance that object_variance.h says. Variances of stacks
// are added up. Errors of stacks in a class have opposite signs, since their sum is known: so what
// many stacks add up to is shown as less sure than it is, unless they are most of a view and share
// errors as follows.
//
// Where live objects were counted too, what the classes together were off by is shared out, by
// bytes times the doubt in their class (regression.h). A stack with the share r of it, of which the
// errors have the covariance C with those of the view and these the variance V, has
//
//     2 r C less and r^2 V more.
//
// Not thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <utility>

#include "viewer/call_tree.h"
#include "viewer/object_variance.h"
#include "viewer/recording.h"
#include "viewer/weight.h"

namespace heapcrest {

class ObjectPrecision {
 public:
  // `is_live_counted`: live objects were scaled to what was counted of them.
  explicit ObjectPrecision(bool is_live_counted) : is_live_counted_(is_live_counted) {}

  // A calibrated object in a view.
  void Add(const Sample& sample, const Weight& weight, size_t view);

  // Calls use(stack, view, variance) for each stack that has objects.
  template <typename Use>
  void ForEachStack(Use use) const {
    const Errors views = OfViews();
    for (auto part = parts_.begin(); part != parts_.end();) {
      const uint32_t stack = part->first.first;
      Errors errors;
      for (; part != parts_.end() && part->first.first == stack; ++part)
        AddErrors(part->second, part->first.second, &errors);
      for (size_t view = 0; view < kViewCount; ++view)
        use(stack, view, Scaled(errors[view], views[view], view));
    }
  }

  // Of all objects, before they were scaled to what was counted of those that live.
  double InView(size_t view) const;

 private:
  using Sums = std::array<ObjectSum, kViewCount>;

  // Of parts, by view. The covariance is with all of the view.
  struct Error {
    double doubted_bytes = 0, variance = 0, covariance = 0;
  };
  using Errors = std::array<Error, kViewCount>;

  double VarianceInClass(const ObjectSum& part, size_t size_class) const;
  void AddErrors(const Sums& part, size_t size_class, Errors* errors) const;
  Errors OfViews() const;
  double Scaled(const Error& part, const Error& whole, size_t view) const;

  bool is_live_counted_;

  std::map<std::pair<uint32_t, size_t>, Sums> parts_;  // by stack and size class
  std::array<Sums, kObjectClasses> classes_;
  std::array<double, kObjectClasses> doubt_ = {};
};

}  // namespace heapcrest
