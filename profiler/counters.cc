#include "profiler/counters.h"

#include <algorithm>
#include <atomic>

namespace heapcrest {
namespace {

constexpr int64_t kLeastRoomBytes = 4096;
constexpr int64_t kLeastShrinkBytes = 64 * 1024;
constexpr int kStepShift = 9;  // 1/512 of the peak

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

// Atomic for a signal handler on this thread, which may count or fold in between.
uint64_t TakeOut(uint64_t* count) {
  return *count == 0 ? 0 : __atomic_exchange_n(count, 0, __ATOMIC_RELAXED);
}

}  // namespace

void CountThread(int change) { g_threads.fetch_add(change, std::memory_order_relaxed); }

void ForgetCounts() {
  g_live_bytes.store(0);
  g_peak_bytes.store(0);
  g_threads.store(0);
}

void ThreadCounts::AddAllocationSlow(size_t usable, size_t requested) {
  const unsigned size_class = SizeClassOf(usable);
  if (size_class < kFineClasses) {
    fine_[size_class].allocated += uint64_t{requested} << 32 | 1;
    return;
  }
  Coarse& coarse = coarse_[size_class - kFineClasses];
  coarse.allocated += 1;
  coarse.requested += requested;
  coarse.usable += usable;
}

void ThreadCounts::AddFreeSlow(size_t usable) {
  room_ += static_cast<int64_t>(usable + kHeaderBytes);
  const unsigned size_class = SizeClassOf(usable);
  if (size_class < kFineClasses) {
    fine_[size_class].freed += 1;
    return;
  }
  Coarse& coarse = coarse_[size_class - kFineClasses];
  coarse.freed += 1;
  coarse.freed_usable += usable;
}

void ThreadCounts::UndoAllocation(size_t usable, size_t requested) {
  room_ += static_cast<int64_t>(usable + kHeaderBytes);
  const unsigned size_class = SizeClassOf(usable);
  if (size_class < kFineClasses) fine_[size_class].allocated -= uint64_t{requested} << 32 | 1;
}

size_t ThreadCounts::Take(CountsEntry* entries) {
  CountsEntry* out = entries;
  for (unsigned i = 0; i < kFineClasses; ++i) {
    const uint64_t allocated = TakeOut(&fine_[i].allocated);
    const uint64_t freed = TakeOut(&fine_[i].freed);
    if ((allocated | freed) == 0) continue;
    *out++ = {i, allocated & UINT32_MAX, allocated >> 32, freed, 0, 0};
  }
  for (unsigned i = 0; i < kCoarseClasses; ++i) {
    Coarse& coarse = coarse_[i];
    if ((coarse.allocated | coarse.freed) == 0) continue;
    const uint64_t allocated = TakeOut(&coarse.allocated);
    const uint64_t freed = TakeOut(&coarse.freed);
    *out++ = {kFineClasses + i,           allocated,
              TakeOut(&coarse.requested), freed,
              TakeOut(&coarse.usable),    TakeOut(&coarse.freed_usable)};
  }
  const int64_t live = FoldLive(given_room_ - room_);
  const int64_t peak = g_peak_bytes.load(std::memory_order_relaxed);
  const int64_t threads = std::max(1, g_threads.load(std::memory_order_relaxed));
  const int64_t step = std::max(kLeastRoomBytes, peak >> kStepShift);
  // With others about, half of what is left below the peak: together they stay below it.
  const int64_t below = (peak - std::min(live, peak)) / (threads == 1 ? 1 : 2);
  given_room_ = is_leaving_ ? -1 : (below + step) / threads;
  most_room_ = is_leaving_ ? INT64_MIN : given_room_ + std::max(kLeastShrinkBytes, step) / threads;
  room_ = given_room_;
  return static_cast<size_t>(out - entries);
}

void ThreadCounts::TurnOff() {
  room_ = INT64_MAX / 2;
  most_room_ = INT64_MAX;
}

}  // namespace heapcrest
