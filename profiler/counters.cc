#include "profiler/counters.h"

#include <algorithm>
#include <atomic>

namespace heapcrest {
namespace {

constexpr int64_t kLeastShrinkBytes = 64 * 1024;

// Of the process, as far as threads have folded.
std::atomic<int64_t> g_live_bytes{0};
std::atomic<int64_t> g_peak_bytes{0};
std::atomic<int> g_threads{0};

int64_t FoldLive(int64_t change) {
  const int64_t live = g_live_bytes.fetch_add(change, std::memory_order_relaxed) + change;
  int64_t peak = g_peak_bytes.load(std::memory_order_relaxed);
  while (live > peak && !g_peak_bytes.compare_exchange_weak(peak, live)) {
  }
  return live;
}

}  // namespace

void CountThread(int change) { g_threads.fetch_add(change, std::memory_order_relaxed); }

void ForgetCounts() {
  g_live_bytes.store(0);
  g_peak_bytes.store(0);
  g_threads.store(0);
}

Counts ThreadCounts::Take(Sampler* sampler) {
  const int64_t change = given_room_ - room_;
  const Counts counts = {allocated_, sampler->TakeRequested(), freed_, change};
  // Not set to zero: a signal handler may have counted in between.
  allocated_ -= counts.allocated;
  freed_ -= counts.freed;
  const int64_t live = FoldLive(change);
  const int64_t peak = g_peak_bytes.load(std::memory_order_relaxed);
  const int64_t threads = std::max(1, g_threads.load(std::memory_order_relaxed));
  const int64_t step = PeakStep(peak);
  // With others about, half of what is left below the peak: together they stay below it.
  const int64_t below = (peak - std::min(live, peak)) / (threads == 1 ? 1 : 2);
  const int64_t before = given_room_;
  given_room_ = is_leaving_ ? -1 : (below + step) / threads;
  most_room_ = is_leaving_ ? INT64_MIN : given_room_ + std::max(kLeastShrinkBytes, step) / threads;
  room_ += change + given_room_ - before;
  return counts;
}

void ThreadCounts::TurnOff() {
  room_ = INT64_MAX / 2;
  most_room_ = INT64_MAX;
}

}  // namespace heapcrest
