#include "profiler/counters.h"

#include <algorithm>
#include <atomic>

#include "profiler/one_instruction.h"

namespace heapcrest {
namespace {

constexpr int64_t kMostSteps = 4;
constexpr int64_t kMostShareBytes = 256 * 1024;

// Of the process, as far as threads have folded.
std::atomic<int64_t> g_live_bytes{0};
std::atomic<int64_t> g_peak_bytes{0};
std::atomic<int64_t> g_shares{0};  // of all threads
std::atomic<int> g_threads{0};

// However little the others have left.
constexpr int64_t kLeastPart = 8;

// Returns what a thread that had `share` may keep to itself after this change of live bytes.
int64_t FoldLive(int64_t change, int64_t share) {
  const int64_t live = g_live_bytes.fetch_add(change, std::memory_order_relaxed) + change;
  int64_t peak = g_peak_bytes.load(std::memory_order_relaxed);
  while (live > peak && !g_peak_bytes.compare_exchange_weak(peak, live)) {
  }
  const int64_t step = PeakStep(peak);
  const int64_t below = std::max(peak - live, int64_t{0});
  const int64_t threads = std::max(1, g_threads.load(std::memory_order_relaxed));
  // Half of what is left below the peak: whoever fills it all comes to lie a step above.
  const int64_t all = step + std::min(below / 2, (kMostSteps - 1) * step);
  const int64_t fair = std::min(all / threads, kMostShareBytes);
  // Those that came when there were fewer threads have more, until they fold.
  const int64_t others = g_shares.fetch_sub(share, std::memory_order_relaxed) - share;
  const int64_t now = std::clamp(all - others, fair / kLeastPart, fair);
  g_shares.fetch_add(now, std::memory_order_relaxed);
  return now;
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
  g_shares.store(0);
  g_threads.store(0);
}

bool ThreadCounts::Take(Sampler* sampler, Counts* counts) {
  if (is_busy_) return false;
  const Busy busy(&is_busy_);
  const int64_t room = LoadAtOnce(room_);
  const int64_t change = share_ - room;
  share_ = FoldLive(change, share_);
  if (folds_each_) {
    g_shares.fetch_sub(share_, std::memory_order_relaxed);
    share_ = 0;
  }
  // Added, not set: a handler may have counted since.
  AddAtOnce(&room_, share_ - room);
  most_room_ = 2 * share_;
  counts->allocated = static_cast<uint64_t>(ExchangeAtOnce(&allocated_, 0));
  counts->requested_bytes = sampler->TakeRequested();
  counts->freed = static_cast<uint64_t>(ExchangeAtOnce(&freed_, 0));
  counts->live_block_bytes = change - ExchangeAtOnce(&objects_, 0);
  return true;
}

void ThreadCounts::TurnOff() {
  share_ = room_ = int64_t{1} << 61;
  most_room_ = int64_t{1} << 62;
}

}  // namespace heapcrest
