#include "viewer/copies.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "viewer/live_at.h"
#include "viewer/units.h"

namespace heapcrest {
namespace {

constexpr size_t kMostCopies = 3;
constexpr size_t kMostTested = 16;  // each looks at all samples
constexpr int64_t kLeastShareOfPeak = 100;
constexpr uint64_t kMostMicrosecondsTogether = 50'000;

uint64_t Microseconds(uint64_t ns) { return ns / kNanosecondsPerMicrosecond; }

class CopyFinder {
 public:
  CopyFinder(const Process& process, const Peak& peak, const CallTree& tree,
             const std::vector<uint32_t>& frame_of)
      : process_(process), peak_(peak), tree_(tree), frame_of_(frame_of) {
    const auto share = static_cast<uint64_t>(std::max<int64_t>(peak.total[0].bytes, 0)) /
                       static_cast<uint64_t>(kLeastShareOfPeak);
    least_ = std::max({process.interval_bytes, share, uint64_t{1}});
  }

  std::vector<CopySpike> Find() const {
    std::vector<Pair> pairs = Candidates();
    std::sort(pairs.begin(), pairs.end(), [this](const Pair& a, const Pair& b) {
      const uint64_t size_a = At(a.old).size, size_b = At(b.old).size;
      return size_a != size_b ? size_a > size_b : a.old < b.old;
    });
    pairs.resize(std::min(pairs.size(), kMostTested));
    std::vector<CopySpike> copies;
    for (const Pair& pair : pairs) {
      if (copies.size() == kMostCopies) break;
      if (!FreesOthers(pair)) copies.push_back(SpikeOf(pair));
    }
    return copies;
  }

 private:
  // Of one line and thread, the last two blocks before the peak and the first behind it.
  struct Pair {
    uint32_t old = kNone, fresh = kNone, next = kNone;
  };
  using Key = std::pair<uint32_t, uint32_t>;

  const Sample& At(uint32_t sample) const { return process_.samples[sample]; }

  Key KeyOf(const Sample& sample) const {
    return {frame_of_[tree_.node_of_stack[sample.stack]], sample.thread};
  }

  bool IsLarge(const Sample& sample) const { return !sample.is_object && sample.size >= least_; }

  std::vector<Pair> Candidates() const {
    absl::flat_hash_map<Key, Pair> by_line;
    for (uint32_t i = 0; i < process_.samples.size(); ++i) {
      if (!IsLarge(At(i))) continue;
      Pair& pair = by_line[KeyOf(At(i))];
      if (i < peak_.moment.allocations) {
        pair.old = pair.fresh;
        pair.fresh = i;
      } else if (pair.next == kNone) {
        pair.next = i;
      }
    }
    const LiveAt is_live(process_, peak_.moment);
    std::vector<Pair> pairs;
    for (const auto& [key, pair] : by_line) {
      if (pair.old == kNone || !is_live[pair.old] || !is_live[pair.fresh]) continue;
      if (LooksLikeCopy(pair)) pairs.push_back(pair);
    }
    return pairs;
  }

  bool LooksLikeCopy(const Pair& pair) const {
    const Sample &old = At(pair.old), &fresh = At(pair.fresh);
    if (old.size >= fresh.size || old.size < fresh.size / 4) return false;
    if (old.freed_ns == kStillLive || fresh.freed_ns <= old.freed_ns) return false;
    if (pair.next != kNone &&
        Microseconds(At(pair.next).allocated_ns) < Microseconds(old.freed_ns)) {
      return false;
    }
    return MicrosecondsOf(pair) <= kMostMicrosecondsTogether + old.size / 1000;
  }

  // While both are live, as a cache does that makes room.
  bool FreesOthers(const Pair& pair) const {
    const uint64_t from = Microseconds(At(pair.fresh).allocated_ns);
    const uint64_t to = Microseconds(At(pair.old).freed_ns);
    const Key key = KeyOf(At(pair.fresh));
    for (uint32_t i = 0; i < pair.old; ++i) {
      const Sample& sample = At(i);
      if (!IsLarge(sample) || sample.freed_ns == kStillLive || KeyOf(sample) != key) continue;
      const uint64_t freed = Microseconds(sample.freed_ns);
      if (freed >= from && freed <= to) return true;
    }
    return false;
  }

  uint64_t MicrosecondsOf(const Pair& pair) const {
    const uint64_t from = Microseconds(At(pair.fresh).allocated_ns);
    return std::max(from, Microseconds(At(pair.old).freed_ns)) - from;
  }

  CopySpike SpikeOf(const Pair& pair) const {
    const Sample &old = At(pair.old), &fresh = At(pair.fresh);
    return {KeyOf(fresh).first, static_cast<int64_t>(old.size), static_cast<int64_t>(fresh.size),
            static_cast<double>(MicrosecondsOf(pair)) / kMicrosecondsPerSecond};
  }

  const Process& process_;
  const Peak& peak_;
  const CallTree& tree_;
  const std::vector<uint32_t>& frame_of_;
  uint64_t least_ = 0;
};

}  // namespace

std::vector<CopySpike> FindCopies(const Process& process, const Peak& peak, const CallTree& tree,
                                  const std::vector<uint32_t>& frame_of) {
  return CopyFinder(process, peak, tree, frame_of).Find();
}

}  // namespace heapcrest
