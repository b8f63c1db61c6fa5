#include "viewer/sample_weights.h"

#include <algorithm>
#include <array>

namespace heapcrest {
namespace {

SmallBlocks CountedOf(size_t size_class, const ObjectCount& count) {
  const auto objects = static_cast<int64_t>(count.objects);
  const auto bytes = static_cast<int64_t>(count.bytes);
  const auto block_bytes = static_cast<int64_t>((size_class + 1) * kObjectClassBytes);
  return {bytes, objects << 16, objects * block_bytes - bytes};
}

// What is left when those that are always sampled (at a tiny interval) are taken out.
SmallBlocks Without(const SampleSums::Exact& exact, const SmallBlocks& all) {
  const auto rest = [](int64_t a, int64_t b) { return std::max<int64_t>(a - b, 0); };
  return {rest(all.bytes, exact.bytes), rest(all.count_q16, exact.blocks << 16),
          rest(all.overhead, exact.overhead)};
}

}  // namespace

SampleWeights::SampleWeights(const Process& process) : process_(process) {
  if (!process.counts.has_objects()) return;
  std::array<SampleSums, kObjectClasses> sums;
  objects_.resize(process.samples.size());
  for (size_t i = 0; i < process.samples.size(); ++i) {
    const Sample& sample = process.samples[i];
    if (!sample.is_object) continue;
    objects_[i] = WeightOf(sample, process);
    sums[ObjectClassOf(sample.size)].Add(objects_[i]);
  }
  std::vector<Scaler> scalers;
  for (size_t c = 0; c < kObjectClasses; ++c) {
    const Truth truth = {Without(sums[c].large, CountedOf(c, process.counts.objects[c])), {}};
    scalers.emplace_back(Calibration{truth, {}, sums[c]});
    unsampled_ += NotSampled(sums[c], truth);
  }
  unsampled_.scaled_bytes = 0;  // by no view
  for (size_t i = 0; i < process.samples.size(); ++i) {
    if (!process.samples[i].is_object) continue;
    const Amount amount = scalers[ObjectClassOf(process.samples[i].size)].AmountOf(objects_[i]);
    objects_[i] = {amount.bytes, amount.count_q16, amount.overhead, amount.variance_bytes2, true};
  }
}

}  // namespace heapcrest
