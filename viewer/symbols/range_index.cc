#include "viewer/symbols/range_index.h"

#include <algorithm>

namespace heapcrest {
namespace {

constexpr uint32_t kNoOuter = UINT32_MAX;
constexpr size_t kMaxRanges = size_t{1} << 24;

// Real code nests a few levels deep; a damaged file may claim millions.
constexpr int kMaxNesting = 256;

}  // namespace

void RangeIndex::Add(uint64_t low, uint64_t high, uint64_t value) {
  if (low <= 1 || high <= low || ranges_.size() == kMaxRanges) return;
  ranges_.push_back({low, high, value, kNoOuter});
}

void RangeIndex::Sort() {
  std::stable_sort(ranges_.begin(), ranges_.end(), [](const Range& a, const Range& b) {
    return a.low != b.low ? a.low < b.low : a.high > b.high;
  });
  const auto same = [](const Range& a, const Range& b) {
    return a.low == b.low && a.high == b.high;
  };
  ranges_.erase(std::unique(ranges_.begin(), ranges_.end(), same), ranges_.end());
  uint32_t open = kNoOuter;
  for (uint32_t i = 0; i < ranges_.size(); ++i) {
    while (open != kNoOuter && ranges_[open].high <= ranges_[i].low) open = ranges_[open].outer;
    ranges_[i].outer = open;
    open = i;
  }
}

std::optional<uint64_t> RangeIndex::Find(uint64_t address) const {
  const auto behind =
      std::upper_bound(ranges_.begin(), ranges_.end(), address,
                       [](uint64_t wanted, const Range& range) { return wanted < range.low; });
  if (behind == ranges_.begin()) return std::nullopt;
  auto i = static_cast<uint32_t>(behind - ranges_.begin() - 1);
  for (int climbed = 0; i != kNoOuter && climbed < kMaxNesting; i = ranges_[i].outer, ++climbed) {
    if (address < ranges_[i].high) return ranges_[i].value;
  }
  return std::nullopt;
}

}  // namespace heapcrest
