// One allocation or free, from the hook to its record.
//
// The hot path is the inline functions: subtract the size from the way to the next sample, call the
// real allocator, count the block by its header (counters.h); for a free see whether the header
// tells that it may be a sample (telltale_block.h), and count. What follows for the few others is
// out of line and bears Slow in its name: stack, record, live sample, folding.
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
#include "profiler/python/object_counter.h"
#include "profiler/python/object_types.h"
#include "profiler/real_allocator.h"
#include "profiler/sampler.h"
#include "profiler/session.h"
#include "profiler/telltale_block.h"

namespace heapcrest {

struct ThreadState {
  Sampler sampler;
  uint32_t generation;  // of the recording that this thread is part of; 0: none yet
  uint32_t index;
  uint32_t unfolded_samples;
  uint32_t finer;    // early_samples.h
  uint32_t endings;  // how often this thread's exit was noticed
  bool is_new;       // the sampler was started by the allocation at hand
  bool in_hook;      // libc works for us: ForOurselves
  bool probing;      // asking whether something ends in our malloc: counts only

  ObjectCounter objects;
  SampledObject last_object;  // whose type is yet to be looked at
  uintptr_t not_last_block;   // ~ the address of malloc's last sample: leak checkers look for it
  uint64_t last_block_id;     // and its id
};

// Initial-exec (see CMakeLists.txt): found without a call, from the first malloc on.
extern thread_local constinit ThreadState t_thread __attribute__((visibility("hidden")));

// Not part of the above: malloc's hook touches that before the real call and this after it, and two
// addresses that are each looked up when needed cost less than one that is kept over the call.
extern thread_local constinit ThreadCounts t_counts __attribute__((visibility("hidden")));

// While it lives, what this thread allocates is not sampled: libc works for us.
class ForOurselves {
 public:
  ForOurselves() : before_(t_thread.in_hook) { t_thread.in_hook = true; }
  ~ForOurselves() { t_thread.in_hook = before_; }

 private:
  const bool before_;
};

// Hot. True: surely not sampled.
inline bool PassesUnsampled(size_t size) { return t_thread.sampler.Subtract(size) >= 0; }

// Hot. False: surely not a live sample.
inline bool MayBeSample(const void* block) { return g_session.live.MayContain(block); }

// Begins to record, ahead of the first allocation.
void StartSlow();

// Whether the allocation that turned the countdown negative is to be sampled.
bool DecideSlow(size_t size);

// Each notes what the real allocator gave, and returns it. `rounded`: where the block was to get a
// size that tells, what it would have been asked for without that; the program asked for `size`.
void* FailSlow();
void* CountAllocationSlow(void* block);
void* RecordAllocationSlow(void* block, size_t size, size_t rounded = 0);
void* RecordUncountedSlow(void* block, size_t size);
// One of Python's, counted already; of its object domain: one that has a type.
void* RecordObjectSlow(void* block, size_t size, bool has_type);
// The block that was sampled last is an object of Python's.
void NoteLargeObjectSlow(const void* block, size_t size);
// Looks which type the object is of that this thread sampled last, if that can be told by now.
void LookAtLastObjectSlow();

// Counts a free of a block that is still alive.
void CountFreeSlow(size_t block_bytes);

// Folds what this thread counted.
void FoldSlow(ThreadState* thread);
void* FoldSlow(void* block);  // and returns the block

// What the table of live samples has beside a sample's id: that it is one of Python's objects, and
// how many bytes, in units of 16, make its size tell.
inline constexpr uint64_t kObject = uint64_t{1} << 62;
inline constexpr int kTelltaleShift = 56;
inline constexpr uint64_t kInherited = uint64_t{1} << 61;  // a forked child's parent recorded it
inline constexpr uint64_t kSampleId = (uint64_t{1} << kTelltaleShift) - 1;
inline size_t TelltaleBytesOf(uint64_t sample_id) {
  return 16 * (sample_id >> kTelltaleShift & 15);
}

// Takes `block` out of the live samples; false when it is none.
bool TakeSampleSlow(const void* block, uint64_t* sample_id);
// The same, if it is one of Python's objects.
bool TakeObjectSampleSlow(const void* block, uint64_t* sample_id);
void PutBackSampleSlow(const void* block, uint64_t sample_id);
// How many bytes of a block are there for its size to tell.
size_t TelltaleBytesSlow(const void* block);
void RecordFreeSlow(uint64_t sample_id);
void RecordFreeAheadSlow(uint64_t sample_id);  // the same, ahead of the real free

// A child of this process ended, with this wait status.
void RecordChildEndSlow(int pid, int wait_status);

template <typename Call>
__attribute__((noinline)) void* AllocateSlow(size_t size, size_t rounded, Call real) {
  const bool sampled = !t_thread.sampler.PassesAnyway(size) && DecideSlow(size);
  if (!sampled) return CountAllocationSlow(real(Request{false}));
  if (!SizesTell()) return RecordAllocationSlow(real(Request{false}), size);
  return RecordAllocationSlow(AllocateTelltale(real), size, rounded);
}

// Hot. Allocates with `real`, which is told what to ask for: glibc's, or else the sampler asks
// always. `size` is not kept over the call: that would cost a register to save. `rounded` as above.
template <typename Call>
inline __attribute__((always_inline)) void* Allocate(size_t size, size_t rounded, Call real) {
  if (!PassesUnsampled(size)) [[unlikely]]
    return AllocateSlow(size, rounded, real);
  void* block = real(Request{false});
  if (block == nullptr) [[unlikely]]
    return FailSlow();
  if (!t_counts.AddAllocation(HeaderBytes(block))) [[unlikely]]
    return FoldSlow(block);
  return block;
}

template <typename Call>
inline __attribute__((always_inline)) void* Allocate(size_t size, Call real) {
  return Allocate(size, size, real);
}

// A free is counted, and a sample taken out, while the block is still the caller's: in this order,
// so that counts that are folded with it hold no free that the records before them leave out.
template <typename Call>
__attribute__((noinline)) void FreeSlow(void* block, Call real) {
  if (block == nullptr) return;
  size_t bytes = BlockBytes(block);
  uint64_t sample_id;
  if (MayBeSample(block) && TakeSampleSlow(block, &sample_id)) {
    RecordFreeAheadSlow(sample_id);
    bytes -= TelltaleBytesOf(sample_id);
  }
  CountFreeSlow(bytes);
  real();
}

template <typename Call>
__attribute__((noinline)) void FoldAndFreeSlow(Call real) {
  FoldSlow(&t_thread);
  real();
}

// Hot. Frees with `real`.
template <typename Call>
inline __attribute__((always_inline)) void Free(void* block, Call real) {
  if (MayTell(block)) [[unlikely]]
    return FreeSlow(block, real);
  if (!t_counts.AddFree(HeaderBytes(block))) [[unlikely]]
    return FoldAndFreeSlow(real);
  real();
}

}  // namespace heapcrest
