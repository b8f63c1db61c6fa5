#include "profiler/recorder.h"

#include "profiler/mappings.h"

namespace heapcrest {
namespace {

// A fold costs as much as a sample does.
constexpr uint32_t kSamplesPerFold = 8;

class ErrnoKeeper {
 public:
  ~ErrnoKeeper() { errno = saved_; }

 private:
  const int saved_ = errno;
};

// Stacks of different epochs are different stacks, even at equal addresses.
uint64_t HashOf(const CallStack& stack, uint64_t epoch) {
  return stack.hash ^ epoch * 0xff51afd7ed558ccd;
}

// `overhead`: of RecordKind::kAllocation.
void WriteAllocation(void* block, size_t size, uint64_t overhead) {
  const uint32_t thread_index = t_thread.index;
  CaptureWriter& writer = g_session.writer;
  WriterSlot* slot = writer.Lease(thread_index);
  if (slot == nullptr) return;
  CaptureCallStack(&slot->stack);
  const uint64_t epoch = MappingEpoch();
  bool is_new;
  const uint64_t stack_id = g_session.stacks.Intern(HashOf(slot->stack, epoch), &is_new);
  slot->PutUnwrittenMappings(&writer, thread_index);
  const size_t stack_bytes = is_new ? MaxStackBytes(slot->stack.count) : 0;
  if (stack_id != StackTable::kNoStack &&
      slot->Begin(&writer, kMaxEventBytes + stack_bytes, thread_index)) {
    if (is_new) slot->PutStack(stack_id, epoch);
    const uint64_t sample_id = slot->PutAllocation(size, stack_id, overhead);
    slot->Commit();
    g_session.live.Add(block, sample_id);
  } else {
    writer.CountLost();
  }
  writer.Release(slot);
}

// Makes this thread part of the recording. False: nothing is recorded (yet).
bool Enter(ThreadState* thread) {
  return !thread->in_hook && !thread->probing && g_session.Enter(thread);
}

// Whether the allocation that may have turned the countdown negative is to be sampled.
bool IsSampled(ThreadState* thread, size_t size) {
  Sampler& sampler = thread->sampler;
  if (thread->is_new) {
    thread->is_new = false;
    sampler.SubtractAgain(size);
  }
  return sampler.countdown < 0 && sampler.CoversMark(size);
}

}  // namespace

thread_local constinit ThreadState t_thread = {};

void StartSlow() {
  const ErrnoKeeper errno_keeper;
  g_session.Enter(&t_thread);
  t_thread.is_new = false;  // no allocation is at hand
}

__attribute__((noinline)) void* RecordSlow(void* block, size_t size) {
  const ErrnoKeeper errno_keeper;
  ThreadState& thread = t_thread;
  ThreadCounts& counts = thread.counts;
  const size_t block_bytes = BlockBytes(block);
  if (!g_real_is_glibc) counts.AddAllocation(block_bytes);
  const uint32_t generation = thread.generation;
  if (thread.probing) thread.probe_hit = true;
  if (!Enter(&thread)) {
    if (thread.in_hook) counts.UndoAllocation(block_bytes);
    thread.sampler.AskAgain();
    return block;
  }
  const bool is_forked = generation != 0 && generation != thread.generation;
  if (is_forked) counts.AddAllocation(block_bytes);  // they began anew
  if (IsSampled(&thread, size)) {
    WriteAllocation(block, size, block_bytes - size + 1);
    ++thread.unfolded_samples;
  }
  if (counts.IsToBeFolded() || thread.unfolded_samples >= kSamplesPerFold) FoldSlow();
  return block;
}

__attribute__((noinline)) void* RecordUncountedSlow(void* block, size_t size) {
  const ErrnoKeeper errno_keeper;
  ThreadState& thread = t_thread;
  if (!Enter(&thread)) {
    thread.sampler.AskAgain();
  } else if (IsSampled(&thread, size)) {
    WriteAllocation(block, size, 0);
  }
  return block;
}

__attribute__((noinline)) void CountFreeSlow(size_t block_bytes) {
  const ErrnoKeeper errno_keeper;
  ThreadState& thread = t_thread;
  if (!Enter(&thread)) return;
  thread.is_new = false;
  thread.counts.AddFreeSlow(block_bytes);
  if (thread.counts.IsToBeFolded()) FoldSlow();
}

bool TakeSampleSlow(const void* block, uint64_t* sample_id) {
  return !g_session.IsForkedChild() && g_session.live.Remove(block, sample_id);
}

void PutBackSampleSlow(const void* block, uint64_t sample_id) {
  g_session.live.Add(block, sample_id);
}

void RecordFreeSlow(uint64_t sample_id) {
  const ErrnoKeeper errno_keeper;
  const uint32_t thread_index = t_thread.index;
  CaptureWriter& writer = g_session.writer;
  WriterSlot* slot = writer.Lease(thread_index);
  if (slot == nullptr) return;
  if (slot->Begin(&writer, kMaxEventBytes, thread_index)) {
    slot->PutFree(sample_id);
    slot->Commit();
  } else {
    writer.CountLost();
  }
  writer.Release(slot);
}

void RecordChildEndSlow(int pid, int wait_status) {
  const ErrnoKeeper errno_keeper;
  ThreadState& thread = t_thread;
  // A child of vfork shares this memory; it has no capture to write to.
  if (thread.in_hook || g_session.IsInVforkChild() || !g_session.Enter(&thread)) return;
  CaptureWriter& writer = g_session.writer;
  WriterSlot* slot = writer.Lease(thread.index);
  if (slot == nullptr) return;
  if (slot->Begin(&writer, kMaxEventBytes, thread.index)) {
    slot->PutChildEnd(pid, wait_status);
    slot->Commit();
  }
  writer.Release(slot);
}

void FoldSlow() {
  ThreadState& thread = t_thread;
  if (!g_session.CountsBlocks()) return;
  const Counts counts = thread.counts.Take(&thread.sampler);
  thread.unfolded_samples = 0;
  CaptureWriter& writer = g_session.writer;
  WriterSlot* slot = writer.Lease(thread.index);
  if (slot == nullptr) return;
  if (slot->Begin(&writer, kMaxEventBytes, thread.index)) {
    slot->PutCounts(counts);
    slot->Commit();
  } else {
    writer.CountLost();
  }
  writer.Release(slot);
}

}  // namespace heapcrest
