#include "viewer/views.h"

#include <algorithm>

namespace heapcrest {
namespace {

std::array<Truth, kViewCount> TruthOfViews(const HeapCounts& counts, size_t point,
                                           const std::array<SampleSums, kViewCount>& sums) {
  if (counts.points.empty()) return {TruthOf(sums[0]), TruthOf(sums[1]), TruthOf(sums[2])};
  const double usual = MeanOverhead(sums[2].small, kGlibcMeanOverhead);
  std::array<Truth, kViewCount> truth = {TruthAt(counts, counts.points[point], sums[0], usual),
                                         TruthAt(counts, counts.points.back(), sums[1], usual),
                                         TruthInTotal(counts, sums[2], usual)};
  // What is held was requested: an estimate may say otherwise.
  for (const size_t view : {size_t{0}, size_t{1}})
    truth[view].small.bytes = std::min(truth[view].small.bytes, truth[2].small.bytes);
  return truth;
}

}  // namespace

std::array<SampleSums, kViewCount> Views::Sums() const {
  std::array<SampleSums, kViewCount> sums;
  for (size_t i = 0; i < process_.samples.size(); ++i) {
    const Weight weight = weights_[i];
    for (size_t view = 0; view < kViewCount; ++view) {
      if (Holds(view, i)) sums[view].Add(weight);
    }
  }
  return sums;
}

std::array<Calibration, kViewCount> Views::Calibrations(
    const std::array<SampleSums, kViewCount>& sums, size_t point) const {
  const std::array<Truth, kViewCount> truth = TruthOfViews(process_.counts, point, sums);
  const std::optional<CountedBlocks> all = CountedInTotal(process_, sums[2], truth[2]);
  std::array<Calibration, kViewCount> calibrations;
  for (size_t view = 0; view < kViewCount; ++view) {
    calibrations[view] = {truth[view], {}, sums[view]};
    if (process_.counts.points.empty()) continue;
    const Regression fitted = view != 2 ? FitLive(sums[view], truth[view], all)
                              : all     ? FitTotal(*all)
                                        : Regression{};
    calibrations[view] =
        Calibrate(truth[view], fitted, [&](const auto& visit) { ForEach(view, visit); });
  }
  return calibrations;
}

std::optional<CountedBlocks> CountedInTotal(const Process& process, const SampleSums& sums,
                                            const Truth& truth) {
  if (process.exit.kind != Exit::Kind::kExited) return std::nullopt;
  return CountedBlocks{sums.small, truth.small};
}

}  // namespace heapcrest
