// The recording of one process: starts it, starts it anew in a forked child, notes its exit, and
// owns everything that it writes and looks up.
//
// Configured by `heapcrest run` through the environment: HEAPCREST_CAPTURES names the folder for
// capture files, HEAPCREST_INTERVAL the sampling interval in bytes. Without the first nothing is
// recorded and malloc costs a subtraction more.
//
// A forked child must not write into its parent's capture. It is recognised by a page that the
// kernel hands to children zeroed (MADV_WIPEONFORK), which also sees children of a bare clone or
// _Fork that run no atfork handlers. A child starts with an empty heap: what it inherited is its
// parent's, and counted there.
//
// Thread-safe. Called from hooks: yes (slow path). Allocates: pages (arena), its capture file.
#pragma once

#include <atomic>
#include <cstdint>

#include "profiler/capture_writer.h"
#include "profiler/live_samples.h"
#include "profiler/real_allocator.h"
#include "profiler/stack_table.h"

namespace heapcrest {

struct ThreadState;

class Session {
 public:
  // Makes sure that this process and this thread are being recorded. False: they are not (yet).
  bool Enter(ThreadState* thread);

  // Whether this process was forked from the one that `live` and `writer` belong to.
  bool IsForkedChild() const { return alive_ != nullptr && *alive_ != kOwn; }

  // Whether this is a child of vfork that runs in its parent's memory.
  // REQUIRES: that memory's process is being recorded, and this one was not forked from it.
  bool IsInVforkChild() const;

  // Whether threads fold exact counts. At interval 1 every block has a record of its own. A forked
  // child frees what its parent counted. Some allocators do not tell what a block takes; some
  // programs have a part of the malloc family themselves, whose blocks we would see the free of
  // only.
  bool CountsBlocks() const {
    return interval_bytes_ > 1 && generation_.load(std::memory_order_relaxed) == 1 &&
           KnowsBlockBytes() && sees_all_blocks_;
  }

  // Notes one of the first samples, with a stack of `frames`, and says how much finer the next one
  // is to be taken.
  uint32_t CountEarlySample(uint64_t frames);
  uint64_t IntervalBytes(uint32_t finer) const { return interval_bytes_ >> finer; }

  // Has this thread's counts folded when it ends.
  void WatchExit(ThreadState* thread);

  // Has the end of the process noted, and of its children. Not from within an allocation: the
  // program may be registering a handler of its own just then, and hold libc's lock for that.
  void WatchProgramEnd();

  // After the program unloaded a library.
  void NoteUnload();

  // From an exit handler.
  void NoteExit(int status);

  CaptureWriter writer;
  StackTable stacks;
  LiveSamples live;

 private:
  enum class State : uint32_t { kNew, kStarting, kRecording, kOff };

  bool Start();
  bool ReadSettings();
  void WriteCommand();
  bool ClaimChild();
  void ForgetParent();
  void Join(ThreadState* thread);

  std::atomic<State> state_{State::kNew};
  std::atomic<uint32_t> generation_{0};  // of this recording; a forked child's is the next one
  std::atomic<uint32_t> thread_count_{0};
  std::atomic<uint64_t> early_samples_{0};
  // What the page says: that it was wiped, by a fork; that a thread of the child makes it the
  // child's own; that it is this process's.
  enum Alive : char { kWiped = 0, kClaimed = 1, kOwn = 2 };
  volatile char* alive_ = nullptr;
  uint64_t interval_bytes_ = 0;
  bool sees_all_blocks_ = false;
  int pid_ = 0;
  unsigned exit_key_ = 0;  // a pthread_key_t: its destructor sees threads end
  bool has_exit_key_ = false;
  const char* folder_ = nullptr;
  char path_[kMaxPathBytes] = {};
};

extern Session g_session __attribute__((visibility("hidden")));

}  // namespace heapcrest
