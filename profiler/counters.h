// Exact counts beside the samples: blocks allocated and freed, and how many bytes of the heap are
// live.
//
// Each thread counts for itself. It has room for a share of bytes to allocate and as much to free;
// when either is used up it looks. What it allocated and freed again cancels out and is room again,
// so that a thread whose live bytes stay the same never folds. Otherwise it folds: its counts go
// into the capture and into the process's live bytes. It folds every few samples too, and when it
// ends. All shares together are 1/512 of the most that was ever live, and up to four times as much
// far below that: so the height of the peak is known to 0.2 %.
//
// Not thread-safe: one per thread. Async-signal-safe: a handler may count at any moment, since each
// number changes in one instruction. Called from hooks: yes. Allocates: never.
#pragma once

#include <cstddef>
#include <cstdint>

#include "profiler/format/record.h"
#include "profiler/sampler.h"

namespace heapcrest {

class ThreadCounts {
 public:
  // Hot. Counts a block that was allocated; false: time to look. Behind the real malloc each number
  // in memory costs 2 ns: blocks and bytes share one.
  // REQUIRES: block_bytes >= 8, but for a few.
  bool AddAllocation(size_t block_bytes) {
    return (allocation_room_ -= static_cast<int64_t>(block_bytes << kBlockBits) + 1) >= 0;
  }

  // Hot. Counts a block that is about to be freed; false: time to look.
  bool AddFree(size_t block_bytes) {
    ++freed_;
    return (free_room_ -= static_cast<int64_t>(block_bytes)) >= 0;
  }

  // Looks: makes room of what cancels out, and says whether that was too little.
  bool IsToBeFolded();

  // Takes all counts out, adds them to the process's live bytes, and gives the thread a new share.
  // False: a signal handler asks, in the middle of this.
  bool Take(Sampler* sampler, Counts* counts);

  bool operator==(const ThreadCounts&) const = default;

  // From now on it is hardly ever time to look.
  void TurnOff();
  // From the next fold on it always is: the thread ends.
  void FoldEach() { folds_each_ = true; }

 private:
  static constexpr int kBlockBits = 16;

  struct Rooms {
    int64_t allocation_bytes, blocks, free_bytes;
  };
  Rooms Read() const;
  void Widen(const Rooms& rooms, int64_t allocation_bytes, int64_t free_bytes);

  int64_t allocation_room_ = 0;  // bytes << kBlockBits, less one for each block since the last look
  int64_t free_room_ = 0;        // bytes
  int64_t freed_ = 0;            // blocks
  int64_t allocated_ = 0;        // blocks, until the last look
  int64_t share_ = 0;
  bool folds_each_ = false;
  volatile bool is_busy_ = false;
};

// A thread begins (1) or ends (-1) to count.
void CountThread(int change);

// REQUIRES: no other thread runs. For a forked child.
void ForgetCounts();

}  // namespace heapcrest
