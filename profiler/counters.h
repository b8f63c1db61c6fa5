// Exact counts beside the samples: blocks allocated and freed, and how many bytes of the heap are
// live.
//
// Each thread counts for itself, in `room`: how much its live bytes may still grow before it folds
// its counts into the capture. It folds when the room is used up or frees have made much of it,
// every few samples, and when it ends. The room given is the distance to the process's highest live
// bytes so far plus 1/512 of them, shared by the threads: so the height of the peak is known to 0.2
// %, and a program that stays below its peak hardly ever folds.
//
// Not thread-safe. Async-signal-safe. Called from hooks: yes. Allocates: never.
#pragma once

#include <cstddef>
#include <cstdint>

#include "profiler/format/record.h"
#include "profiler/sampler.h"

namespace heapcrest {

class ThreadCounts {
 public:
  // Hot. Counts an allocation and returns the room left: negative when it is time to fold.
  int64_t AddAllocation(size_t block_bytes) {
    ++allocated_;
    return room_ -= static_cast<int64_t>(block_bytes);
  }

  // Hot. Counts a free. False, and nothing counted: it is time to fold.
  bool AddFree(size_t block_bytes) {
    const int64_t room = room_ + static_cast<int64_t>(block_bytes);
    if (room > most_room_) return false;
    ++freed_;
    room_ = room;
    return true;
  }

  void AddFreeSlow(size_t block_bytes) {
    ++freed_;
    room_ += static_cast<int64_t>(block_bytes);
  }
  // Takes back an allocation that is none of the program's.
  void UndoAllocation(size_t block_bytes) {
    --allocated_;
    room_ += static_cast<int64_t>(block_bytes);
  }
  bool IsToBeFolded() const { return room_ < 0 || room_ > most_room_; }

  // Takes all counts out, adds them to the process's live bytes, and gives the thread new room.
  Counts Take(Sampler* sampler);

  void Clear() { *this = ThreadCounts(); }
  void TurnOff();
  void FoldEachFromNowOn() { is_leaving_ = true; }  // the thread ends

 private:
  int64_t room_ = 0;       // how much live bytes may grow; negative: to be folded
  int64_t most_room_ = 0;  // how much room frees may make
  int64_t given_room_ = 0;
  uint64_t allocated_ = 0;
  uint64_t freed_ = 0;
  bool is_leaving_ = false;
};

// A thread begins (1) or ends (-1) to count.
void CountThread(int change);

// REQUIRES: no other thread runs. For a forked child.
void ForgetCounts();

}  // namespace heapcrest
