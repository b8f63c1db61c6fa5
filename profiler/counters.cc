#include "profiler/counters.h"

#include <algorithm>
#include <atomic>

#include "profiler/one_instruction.h"

namespace heapcrest {
namespace {

constexpr int64_t kMostSteps = 4;
constexpr int64_t kMostShareBytes = 256 * 1024;  // of the smallest blocks: half as many as fit

// Of the process, as far as threads have folded.
std::atomic<int64_t> g_live_bytes{0};
std::atomic<int64_t> g_peak_bytes{0};
std::atomic<int> g_threads{0};

// Returns what a thread may keep to itself after this change of live bytes.
int64_t FoldLive(int64_t change) {
  const int64_t live = g_live_bytes.fetch_add(change, std::memory_order_relaxed) + change;
  int64_t peak = g_peak_bytes.load(std::memory_order_relaxed);
  while (live > peak && !g_peak_bytes.compare_exchange_weak(peak, live)) {
  }
  const int64_t step = PeakStep(peak);
  const int64_t below = std::max(peak - live, int64_t{0});
  const int64_t threads = std::max(1, g_threads.load(std::memory_order_relaxed));
  // Half of what is left below the peak: whoever fills it all comes to lie a step above.
  const int64_t all = step + std::min(below / 2, (kMostSteps - 1) * step);
  return std::min(all / threads, kMostShareBytes);
}

// Keeps a signal handler from looking or folding in between.
class Busy {
 public:
  explicit Busy(volatile bool* flag) : flag_(flag) {
    *flag_ = true;
    std::atomic_signal_fence(std::memory_order_seq_cst);
  }
  ~Busy() {
    std::atomic_signal_fence(std::memory_order_seq_cst);
    *flag_ = false;
  }

 private:
  volatile bool* flag_;
};

}  // namespace

void CountThread(int change) { g_threads.fetch_add(change, std::memory_order_relaxed); }

void ForgetCounts() {
  g_live_bytes.store(0);
  g_peak_bytes.store(0);
  g_threads.store(0);
}

ThreadCounts::Rooms ThreadCounts::Read() const {
  const int64_t packed = LoadAtOnce(allocation_room_);
  const int64_t blocks = -packed & ((int64_t{1} << kBlockBits) - 1);
  return {(packed + blocks) >> kBlockBits, blocks, LoadAtOnce(free_room_)};
}

void ThreadCounts::Widen(const Rooms& rooms, int64_t allocation_bytes, int64_t free_bytes) {
  AddAtOnce(&allocated_, rooms.blocks);
  AddAtOnce(&allocation_room_, allocation_bytes * (int64_t{1} << kBlockBits) + rooms.blocks);
  AddAtOnce(&free_room_, free_bytes);
}

bool ThreadCounts::IsToBeFolded() {
  if (is_busy_) return false;
  const Busy busy(&is_busy_);
  const Rooms rooms = Read();
  const int64_t cancelled = share_ - std::max(rooms.allocation_bytes, rooms.free_bytes);
  Widen(rooms, cancelled, cancelled);
  // With less than a quarter left it would soon look again.
  return std::min(rooms.allocation_bytes, rooms.free_bytes) + cancelled <= share_ / 4;
}

bool ThreadCounts::Take(Sampler* sampler, Counts* counts) {
  if (is_busy_) return false;
  const Busy busy(&is_busy_);
  const Rooms rooms = Read();
  const int64_t change = rooms.free_bytes - rooms.allocation_bytes;
  share_ = FoldLive(change);
  if (folds_each_) share_ = -1;
  Widen(rooms, share_ - rooms.allocation_bytes, share_ - rooms.free_bytes);
  counts->allocated = static_cast<uint64_t>(ExchangeAtOnce(&allocated_, 0));
  counts->requested_bytes = sampler->TakeRequested();
  counts->freed = static_cast<uint64_t>(ExchangeAtOnce(&freed_, 0));
  counts->live_block_bytes = change;
  return true;
}

void ThreadCounts::TurnOff() {
  share_ = free_room_ = int64_t{1} << 46;
  allocation_room_ = share_ << kBlockBits;
}

}  // namespace heapcrest
