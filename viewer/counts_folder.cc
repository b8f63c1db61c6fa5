#include "viewer/counts_folder.h"

#include <algorithm>
#include <utility>

#include "viewer/event_order.h"
#include "viewer/object_folder.h"
#include "viewer/weight.h"

namespace heapcrest {
namespace {

constexpr int64_t kMostBytes = int64_t{1} << 57;  // as of a sample
constexpr int64_t kMostEarlyFrees = 1'000'000;
constexpr int64_t kMostBlocks = int64_t{1} << 46;  // in 1/65536 they fit 63 bits

uint64_t TimeOf(const Process& process, const Event& event) {
  const Sample& sample = process.samples[event.sample];
  return event.is_free ? sample.freed_ns : sample.allocated_ns;
}

// Walks through the events of a process up to a given time.
class LargeBlockWalker {
 public:
  explicit LargeBlockWalker(const Process& process) : process_(process), order_(process) { Step(); }

  // What is known to be live then: the large blocks.
  const HeapPoint& UpTo(uint64_t time_ns) {
    while (has_next_ && TimeOf(process_, next_) <= time_ns) Take();
    large_.at.time_ns = time_ns;
    return large_;
  }

  const HeapPoint& UpToTheEnd() {
    while (has_next_) {
      large_.at.time_ns = std::max(large_.at.time_ns, TimeOf(process_, next_));
      Take();
    }
    return large_;
  }

  bool has_next() const { return has_next_; }

 private:
  void Step() { has_next_ = order_.Next(&next_); }

  void Take() {
    ++(next_.is_free ? large_.at.frees : large_.at.allocations);
    const Sample& sample = process_.samples[next_.sample];
    if (IsLarge(sample, process_)) {
      const auto bytes = static_cast<int64_t>(sample.size + sample.overhead - 1);
      large_.block_bytes += next_.is_free ? -bytes : bytes;
      large_.blocks += next_.is_free ? -1 : 1;
    }
    Step();
  }

  const Process& process_;
  EventOrder order_;
  HeapPoint large_;
  Event next_ = {};
  bool has_next_ = false;
};

// Frees that were counted earlier than their allocations make a little of it. What is more was
// never counted when it came: the program got it from another allocator.
bool HasGoneTooLow(int64_t live, int64_t highest) {
  return -live > std::max(kMostEarlyFrees, highest / 16);
}

// False: the sum does not fit.
template <typename Integer>
bool AddTo(Integer change, int64_t* sum) {
  return !__builtin_add_overflow(*sum, change, sum);
}

// Whether all blocks that are always sampled are no more than a process can have allocated.
bool LargeBlocksAddUp(const Process& process) {
  uint64_t bytes = 0;
  for (const Sample& sample : process.samples) {
    if (!IsLarge(sample, process)) continue;
    bytes += std::min(sample.size, kMaxSize) + sample.overhead;
    if (bytes > static_cast<uint64_t>(kMostBytes)) return false;
  }
  return true;
}

}  // namespace

HeapCounts CountsFolder::Fold(const Process& process) {
  if (!LargeBlocksAddUp(process)) return {};
  const auto is_uncounted = [](const Sample& sample) { return sample.overhead == 0; };
  if (std::any_of(process.samples.begin(), process.samples.end(), is_uncounted)) return {};
  std::stable_sort(all_.begin(), all_.end(),
                   [](const Entry& a, const Entry& b) { return a.time_ns < b.time_ns; });
  HeapCounts folded;
  folded.points.reserve(all_.size());
  LargeBlockWalker events(process);
  int64_t block_bytes = 0, allocated = 0, freed = 0, requested = 0, highest = 0;
  for (const auto& [time_ns, counts, objects] : all_) {
    const bool fits = AddTo(counts.live_block_bytes, &block_bytes) &&
                      AddTo(counts.allocated, &allocated) && AddTo(counts.freed, &freed) &&
                      AddTo(counts.requested_bytes, &requested);
    if (!fits) return {};
    highest = std::max(highest, block_bytes);
    if (highest > kMostBytes) return {};
    if (HasGoneTooLow(block_bytes, highest)) return {};
    const HeapPoint& large = events.UpTo(time_ns - std::min(time_ns, process.start_monotonic_ns));
    // A thread may have said what it freed before another said that it had allocated it.
    folded.points.push_back({large.at, std::max(block_bytes, large.block_bytes),
                             std::max(allocated - freed, large.blocks)});
  }
  AddLiveObjects(&folded);
  if (!folded.points.empty() && events.has_next()) {
    HeapPoint last = folded.points.back();
    const HeapPoint before = events.UpTo(last.at.time_ns);
    const HeapPoint& large = events.UpToTheEnd();
    last.at = large.at;
    last.block_bytes =
        std::max(last.block_bytes + large.block_bytes - before.block_bytes, large.block_bytes);
    last.blocks = std::max(last.blocks + large.blocks - before.blocks, large.blocks);
    folded.points.push_back(last);
  }
  folded.allocated_blocks = static_cast<uint64_t>(allocated);
  folded.requested_bytes = static_cast<uint64_t>(requested);
  all_ = {};
  return MakeSense(folded, process) ? folded : HeapCounts();
}

void CountsFolder::AddLiveObjects(HeapCounts* folded) const {
  if (!has_live_objects_) return;
  int64_t bytes = 0, objects = 0, highest = 0;
  for (size_t i = 0; i < all_.size(); ++i) {
    if (!AddTo(all_[i].objects.pool_bytes, &bytes) || !AddTo(all_[i].objects.objects, &objects)) {
      return;
    }
    highest = std::max(highest, bytes);
    if (highest > kMostBytes || HasGoneTooLow(bytes, highest)) return;
    // An object may be freed by another thread than the one that has yet to say that it came.
    HeapPoint& point = folded->points[i];
    point.object_bytes = std::max<int64_t>(bytes, 0);
    point.objects = std::clamp<int64_t>(objects, 0, point.object_bytes);
  }
  folded->has_live_objects = highest > 0;
}

bool MakeSense(const HeapCounts& counts, const Process& process) {
  const auto is_freed = [](const Sample& sample) { return sample.freed_ns != kStillLive; };
  const auto freed =
      static_cast<size_t>(std::count_if(process.samples.begin(), process.samples.end(), is_freed));
  Moment last;
  for (const HeapPoint& point : counts.points) {
    const Moment& at = point.at;
    if (at.time_ns < last.time_ns || at.allocations < last.allocations || at.frees < last.frees) {
      return false;
    }
    last = at;
    if (point.block_bytes < 0 || point.block_bytes > kMostBytes) return false;
    if (point.blocks < 0 || point.blocks > kMostBlocks) return false;
    if (point.object_bytes < 0 || point.object_bytes > kMostBytes) return false;
    if (point.objects < 0 || point.objects > kMostBlocks) return false;
  }
  return MakeSense(counts.objects) && last.allocations <= process.samples.size() &&
         last.frees <= freed && counts.requested_bytes <= static_cast<uint64_t>(kMostBytes) &&
         counts.allocated_blocks <= static_cast<uint64_t>(kMostBlocks);
}

}  // namespace heapcrest
