#include "viewer/sample_weights.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "viewer/live_at.h"
#include "viewer/object_variance.h"

namespace heapcrest {
namespace {

constexpr size_t kKnown = 2048;

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

// Where most was counted; the last of equal ones.
Moment CountedPeak(const HeapCounts& counts) {
  Moment peak;
  int64_t most = INT64_MIN;
  for (const HeapPoint& point : counts.points) {
    if (point.block_bytes + point.object_bytes < most) continue;
    most = point.block_bytes + point.object_bytes;
    peak = point.at;
  }
  return peak;
}

// How much of a class's live bytes its count leaves open, in bytes^2 for each.
struct ClassSums {
  ObjectSum all, live;

  double Doubt() const { return live.bytes == 0 ? 0 : VarianceOf(live, all) / live.bytes; }
};

}  // namespace

SampleWeights::SampleWeights(const Process& process) : process_(process), known_(kKnown) {
  if (!process.counts.has_objects()) return;
  ScaleToCounts();
  if (process.counts.has_live_objects) SetDoubts();
}

const Weight& SampleWeights::BlockWeight(const Sample& sample) const {
  const uint64_t mixed = (sample.size * 8 + sample.finer) * 31 + sample.overhead;
  Known& known = known_[mixed % kKnown];
  if (known.size != sample.size || known.overhead != sample.overhead ||
      known.finer != sample.finer) {
    known = {sample.size, sample.overhead, sample.finer, WeightOf(sample, process_)};
  }
  return known.weight;
}

void SampleWeights::ScaleToCounts() {
  std::array<SampleSums, kObjectClasses> sums;
  objects_.resize(process_.samples.size());
  for (size_t i = 0; i < process_.samples.size(); ++i) {
    const Sample& sample = process_.samples[i];
    if (!sample.is_object) continue;
    objects_[i] = WeightOf(sample, process_);
    sums[ObjectClassOf(sample.size)].Add(objects_[i]);
  }
  std::vector<Scaler> scalers;
  for (size_t c = 0; c < kObjectClasses; ++c) {
    const Truth truth = {Without(sums[c].large, CountedOf(c, process_.counts.objects[c])), {}};
    scalers.emplace_back(Calibration{truth, {}, sums[c]});
    unsampled_ += NotSampled(sums[c], truth);
  }
  unsampled_.scaled_bytes = 0;  // by no view
  for (size_t i = 0; i < process_.samples.size(); ++i) {
    if (!process_.samples[i].is_object) continue;
    const Amount amount = scalers[ObjectClassOf(process_.samples[i].size)].AmountOf(objects_[i]);
    objects_[i] = {amount.bytes, amount.count_q16, amount.overhead, amount.variance_bytes2,
                   Weight::kMostDoubt};
  }
}

void SampleWeights::SetDoubts() {
  const LiveAt is_live(process_, CountedPeak(process_.counts));
  std::array<ClassSums, kObjectClasses> classes;
  for (size_t i = 0; i < objects_.size(); ++i) {
    const Sample& sample = process_.samples[i];
    if (!sample.is_object) continue;
    ClassSums& sums = classes[ObjectClassOf(sample.size)];
    sums.all.Add(objects_[i]);
    if (is_live[i]) sums.live.Add(objects_[i]);
  }
  double most = 0;
  for (const ClassSums& sums : classes) most = std::max(most, sums.Doubt());
  if (most == 0) return;
  for (size_t i = 0; i < objects_.size(); ++i) {
    if (!process_.samples[i].is_object) continue;
    const ClassSums& sums = classes[ObjectClassOf(process_.samples[i].size)];
    if (sums.live.bytes == 0) continue;  // nobody knows
    const double share = std::ceil(sums.Doubt() / most * Weight::kMostDoubt);
    objects_[i].doubt = static_cast<uint8_t>(std::clamp(share, 1.0, double{Weight::kMostDoubt}));
  }
}

}  // namespace heapcrest
