// What each sample of a process stands for.
//
// A sample of a malloc block weighs what weight.h says, and each view scales it further
// (calibration.h). Python's small objects were counted as they were allocated, by size class: their
// samples are scaled here, once and for all, so that those of a class add up to what was counted.
// What then lives at any moment, or in any stack, is the sum of such weights (docs/sampling.md).
// Where live objects were counted, too, each class is told how much its count leaves open of what
// lives of it at the peak: what is missing there is missing in classes that came and went.
//
// Not thread-safe.
#pragma once

#include <vector>

#include "viewer/calibration.h"
#include "viewer/recording.h"
#include "viewer/weight.h"

namespace heapcrest {

class SampleWeights {
 public:
  // Looks at `process` as long as it is used.
  explicit SampleWeights(const Process& process);

  Weight operator[](size_t sample) const {
    return objects_.empty() || !process_.samples[sample].is_object
               ? BlockWeight(process_.samples[sample])
               : objects_[sample];
  }

  // Objects that were counted and of which no sample tells.
  const Amount& unsampled_objects() const { return unsampled_; }

 private:
  // Most samples are like one before: that costs no exponential function.
  struct Known {
    uint64_t size = UINT64_MAX;  // no block has it
    uint32_t overhead = 0;
    uint8_t finer = 0;
    Weight weight = {};
  };

  const Weight& BlockWeight(const Sample& sample) const;
  void ScaleToCounts();
  void SetDoubts();

  const Process& process_;
  mutable std::vector<Known> known_;  // each in the one place for its like
  std::vector<Weight> objects_;       // by sample; empty where objects were not counted
  Amount unsampled_;
};

}  // namespace heapcrest
