// One allocation or free, from the hook to its record.
//
// The hot path is the inline functions. Of a block that is not sampled they subtract its size from
// the way to the next sample, and count it and its bytes (counters.h); a free asks one load of a
// filter. What follows for the
// others is out of line and bears Slow in its name: stack, record, live sample, folding.
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

#include "profiler/counters.h"
#include "profiler/real_allocator.h"
#include "profiler/sampler.h"
#include "profiler/session.h"

namespace heapcrest {

struct ThreadState {
  Sampler sampler;
  uint32_t generation;  // of the recording that this thread is part of; 0: none yet
  uint32_t index;
  uint32_t unfolded_samples;
  bool is_new;     // the sampler was started by the allocation at hand
  bool in_hook;    // libc works for us: ForOurselves
  bool probing;    // asking whether an operator new ends in our malloc,
  bool probe_hit;  // and it does
  ThreadCounts counts;
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

// The rest of Recorded and RecordedUncounted; each returns `block`.
void* RecordSlow(void* block, size_t size);
void* RecordUncountedSlow(void* block, size_t size);

// Hot. Notes that the real allocator gave `block` for a request of `size` bytes, and returns it.
inline __attribute__((always_inline)) void* Recorded(void* block, size_t size) {
  if (block == nullptr) [[unlikely]]
    return block;
  ThreadState& thread = t_thread;
  const int64_t countdown = thread.sampler.Subtract(size);
  if (!g_real_is_glibc) [[unlikely]]
    return RecordSlow(block, size);
  const int64_t room = thread.counts.AddAllocation(GlibcBlockBytes(block));
  if ((countdown | room) >= 0) [[likely]]
    return block;
  return RecordSlow(block, size);
}

// Hot. The same for a block whose usable size nobody knows: sampled, but not counted.
inline __attribute__((always_inline)) void* RecordedUncounted(void* block, size_t size) {
  if (t_thread.sampler.Subtract(size) >= 0 || block == nullptr) [[likely]]
    return block;
  return RecordUncountedSlow(block, size);
}

// Hot. False: surely not a live sample.
inline bool MayBeSample(const void* block) { return g_session.live.MayContain(block); }

// Hot. Counts a free of a block that is still alive. False: it is for CountFreeSlow to count.
inline bool CountFree(void* block) {
  return g_real_is_glibc && t_thread.counts.AddFree(GlibcBlockBytes(block));
}
void CountFreeSlow(size_t block_bytes);

// Begins to record, ahead of the first allocation.
void StartSlow();

// Takes `block` out of the live samples; false when it is none.
bool TakeSampleSlow(const void* block, uint64_t* sample_id);
void PutBackSampleSlow(const void* block, uint64_t sample_id);
void RecordFreeSlow(uint64_t sample_id);

// A child of this process ended, with this wait status.
void RecordChildEndSlow(int pid, int wait_status);
// Writes what this thread counted to the capture.
void FoldSlow();

// Sends every free of `block` down the slow path.
inline void WatchFrees(const void* block) { g_session.live.Pin(block); }

}  // namespace heapcrest
