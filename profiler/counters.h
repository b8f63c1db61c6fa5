// Exact counts beside the samples: how many blocks of each size class were allocated and freed.
//
// Each thread counts for itself: an allocation or a free adds to one counter and changes `room`. A
// thread folds its counts into the capture when its live bytes have grown by the room that it was
// given, or shrunk by as much, every few samples, and when it ends. The room is the distance to the
// process's highest live bytes so far plus 1/512 of them, shared by the threads: so the height of
// the peak is known to 0.2 %, and a program that stays below its peak folds hardly ever.
//
// Not thread-safe. Async-signal-safe: a count is one instruction, folding takes each out
// atomically. Called from hooks: yes. Allocates: never.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "profiler/format/record.h"
#include "profiler/format/size_class.h"

namespace heapcrest {

class ThreadCounts {
 public:
  // Hot. Counts an allocation of a fine class; of any, takes its bytes from the room, and returns
  // what is left: negative when it is time to fold.
  int64_t AddAllocation(size_t block_bytes, size_t requested) {
    if (block_bytes < kFineLimitBytes) [[likely]]
      fine_[block_bytes / 16].allocated += uint64_t{requested} << 32 | 1;
    return room_ -= static_cast<int64_t>(block_bytes);
  }

  // Hot. Counts a free. False, and nothing counted: of a large block, or it is time to fold.
  bool AddFree(size_t block_bytes) {
    const int64_t room = room_ + static_cast<int64_t>(block_bytes);
    if (block_bytes >= kFineLimitBytes || room > most_room_) return false;
    fine_[block_bytes / 16].freed += 1;
    room_ = room;
    return true;
  }

  // Of any class. AddAllocation took an allocation's room, but for allocators that are not glibc.
  void AddAllocationSlow(size_t usable, size_t requested);
  void TakeRoom(size_t usable) { room_ -= static_cast<int64_t>(usable + kHeaderBytes); }
  void AddFreeSlow(size_t usable);
  // Takes back what AddAllocation counted: the block is none of the program's.
  void UndoAllocation(size_t usable, size_t requested);
  bool IsToBeFolded() const { return room_ < 0 || room_ > most_room_; }

  // Moves all counts to `entries` (room for kSizeClasses) and says how many those are; adds them to
  // the process's live bytes, and gives the thread new room.
  size_t Take(CountsEntry* entries);

  void Clear() { *this = ThreadCounts(); }
  void TurnOff();
  void FoldEachFromNowOn() { is_leaving_ = true; }  // the thread ends

 private:
  struct Fine {
    uint64_t allocated = 0;  // requested bytes << 32 | blocks: sizes below 1 KiB, folded in time
    uint64_t freed = 0;
  };
  struct Coarse {
    uint64_t allocated = 0, requested = 0, usable = 0, freed = 0, freed_usable = 0;
  };
  int64_t room_ = 0;       // how much live bytes may grow; negative: to be folded
  int64_t most_room_ = 0;  // how much room frees may make
  int64_t given_room_ = 0;
  bool is_leaving_ = false;
  Fine fine_[kFineClasses];
  Coarse coarse_[kCoarseClasses];
};

// A thread begins (1) or ends (-1) to count.
void CountThread(int change);

// REQUIRES: no other thread runs. For a forked child.
void ForgetCounts();

}  // namespace heapcrest
