// One allocation or free, from the hook to its record.
//
// The hot path is the two inline functions: a subtraction from a thread-local number, and one load
// from a filter. Nothing else happens to a block that is not sampled. What follows for the others
// is out of line and bears Slow in its name: stack, record, live sample.
//
// Ids, not addresses, go into the capture. A sample is taken out of the live ones before the real
// free or realloc runs, since another thread may get its address at once; a realloc that fails puts
// it back.
//
// Thread-safe and async-signal-safe; errno is preserved. Called from hooks: yes. Allocates: never.
#pragma once

#include <errno.h>

#include <cstddef>
#include <cstdint>

#include "profiler/sampler.h"
#include "profiler/session.h"

namespace heapcrest {

struct ThreadState {
  Sampler sampler;
  uint32_t generation;  // of the recording that this thread is part of; 0: none yet
  uint32_t index;
  bool is_new;     // the sampler was started by the allocation at hand
  bool in_hook;    // libc works for us: ForOurselves
  bool probing;    // asking whether an operator new ends in our malloc,
  bool probe_hit;  // and it does
};

// Initial-exec (see CMakeLists.txt): found without a call, from the first malloc on.
extern thread_local constinit ThreadState t_thread __attribute__((visibility("hidden")));

// While it lives, what this thread allocates is not the program's: libc works for us.
class ForOurselves {
 public:
  ForOurselves() : before_(t_thread.in_hook) { t_thread.in_hook = true; }
  ~ForOurselves() { t_thread.in_hook = before_; }

 private:
  const bool before_;
};

// Hot. True: surely not sampled.
inline bool PassesUnsampled(size_t size) {
  auto& countdown = t_thread.sampler.countdown;
  countdown = static_cast<int64_t>(static_cast<uint64_t>(countdown) - size);
  return countdown >= 0;
}

// Hot. False: surely not a live sample.
inline bool MayBeSample(const void* block) { return g_session.live.MayContain(block); }

// Begins to record, ahead of the first allocation.
void StartSlow();

// Whether the allocation that turned the countdown negative is to be sampled.
bool DecideSlow(size_t size);
void RecordAllocationSlow(void* block, size_t size);

// Takes `block` out of the live samples; false when it is none.
bool TakeSampleSlow(const void* block, uint64_t* sample_id);
void PutBackSampleSlow(const void* block, uint64_t sample_id);
void RecordFreeSlow(uint64_t sample_id);

// A child of this process ended, with this wait status.
void RecordChildEndSlow(int pid, int wait_status);

// Sends every free of `block` down the slow path.
inline void WatchFrees(const void* block) { g_session.live.Pin(block); }

template <typename Allocate>
__attribute__((noinline)) void* AllocateSlow(size_t size, Allocate allocate) {
  const bool sampled = DecideSlow(size);
  void* block = allocate();
  if (sampled && block != nullptr) RecordAllocationSlow(block, size);
  return block;
}

template <typename Free>
__attribute__((noinline)) void FreeSlow(void* block, Free free) {
  uint64_t sample_id;
  if (TakeSampleSlow(block, &sample_id)) RecordFreeSlow(sample_id);
  free();
}

}  // namespace heapcrest
