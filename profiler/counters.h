// Exact counts beside the samples: blocks allocated and freed, and how many bytes of the heap are
// live.
//
// Each thread counts for itself. It has room for a share of bytes to allocate more than it frees,
// and as much the other way; what it allocates and frees again cancels out, so that a thread whose
// live bytes stay the same never folds. When the room is used up it folds: its counts go into the
// capture and into the process's live bytes. It folds every few samples too, and when it ends. All
// shares together are 1/512 of the most that was ever live (an eighth more while threads begin),
// and up to four times as much far below that: so the height of the peak is known to 0.2 %.
//
// Not thread-safe: one per thread. Async-signal-safe: a handler may count at any moment, since each
// number changes in one instruction. Called from hooks: yes. Allocates: never.
#pragma once

#include <cstddef>
#include <cstdint>

#include "profiler/format/record.h"
#include "profiler/one_instruction.h"
#include "profiler/sampler.h"

namespace heapcrest {

class ThreadCounts {
 public:
  // Hot. Counts a block that was allocated; false: time to fold.
  bool AddAllocation(size_t block_bytes) {
    ++allocated_;
    return (room_ -= static_cast<int64_t>(block_bytes)) >= 0;
  }

  // Hot. Counts a block that is about to be freed; false: time to fold.
  bool AddFree(size_t block_bytes) {
    ++freed_;
    AddAtOnce(&room_, static_cast<int64_t>(block_bytes));
    return LoadAtOnce(room_) <= most_room_;
  }

  // Bytes of Python's small objects that became live since the last fold share the room. False:
  // time to fold.
  bool SetObjects(int64_t bytes) {
    AddAtOnce(&room_, objects_ - bytes);
    objects_ = bytes;
    return room_ >= 0 && room_ <= most_room_;
  }

  // Takes all counts out, adds them to the process's live bytes, and gives the thread a new share.
  // Objects count as live; `counts` leaves them out.
  // False: a signal handler asks, in the middle of this.
  bool Take(Sampler* sampler, Counts* counts);

  bool operator==(const ThreadCounts&) const = default;

  // From now on it is never time to fold.
  void TurnOff();
  // From the next fold on it always is: the thread ends.
  void FoldEach() { folds_each_ = true; }

 private:
  int64_t room_ = 0;       // bytes to allocate until it is time,
  int64_t most_room_ = 0;  // or to free
  int64_t allocated_ = 0;  // blocks
  int64_t freed_ = 0;      // blocks
  int64_t objects_ = 0;    // of the room, taken by objects
  int64_t share_ = 0;      // what the room was at the last fold
  bool folds_each_ = false;
  volatile bool is_busy_ = false;
};

// A thread begins (1) or ends (-1) to count.
void CountThread(int change);

// REQUIRES: no other thread runs. For a forked child.
void ForgetCounts();

}  // namespace heapcrest
