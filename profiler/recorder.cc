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

// `slack`: of RecordKind::kAllocation.
void WriteAllocation(void* block, size_t size, uint64_t slack) {
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
    const uint64_t sample_id = slot->PutAllocation(size, stack_id, slack);
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
    sampler.countdown = static_cast<int64_t>(static_cast<uint64_t>(sampler.countdown) - size);
  }
  return sampler.countdown < 0 && sampler.CoversMark(size);
}

// Nothing is recorded: the next allocation is to ask again.
void AskAgain(ThreadState* thread) {
  if (thread->sampler.countdown < 0) thread->sampler.countdown = 0;
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
  const size_t usable = g_real.usable_size(block);
  const bool is_counted = g_real_is_glibc && usable + kHeaderBytes < kFineLimitBytes;
  if (!g_real_is_glibc) counts.TakeRoom(usable);
  const uint32_t generation = thread.generation;
  if (thread.probing) thread.probe_hit = true;
  if (!Enter(&thread)) {
    if (thread.in_hook && is_counted) counts.UndoAllocation(usable, size);
    AskAgain(&thread);
    return block;
  }
  const bool is_cleared = generation != 0 && generation != thread.generation;  // a forked child's
  if (!is_counted || is_cleared) counts.AddAllocationSlow(usable, size);
  if (IsSampled(&thread, size)) {
    WriteAllocation(block, size, usable < size ? 0 : usable - size + 1);
    ++thread.unfolded_samples;
  }
  if (counts.IsToBeFolded() || thread.unfolded_samples >= kSamplesPerFold) FoldSlow();
  return block;
}

__attribute__((noinline)) void* RecordUncountedSlow(void* block, size_t size) {
  const ErrnoKeeper errno_keeper;
  ThreadState& thread = t_thread;
  if (!Enter(&thread)) {
    AskAgain(&thread);
  } else if (IsSampled(&thread, size)) {
    WriteAllocation(block, size, 0);
  }
  return block;
}

__attribute__((noinline)) void CountFreeSlow(size_t usable) {
  const ErrnoKeeper errno_keeper;
  ThreadState& thread = t_thread;
  if (!Enter(&thread)) return;
  thread.is_new = false;
  thread.counts.AddFreeSlow(usable);
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

void FoldSlow() {
  ThreadState& thread = t_thread;
  if (!g_session.CountsBlocks()) return;
  CountsEntry entries[kSizeClasses];
  const size_t count = thread.counts.Take(entries);
  thread.unfolded_samples = 0;
  if (count == 0) return;
  CaptureWriter& writer = g_session.writer;
  WriterSlot* slot = writer.Lease(thread.index);
  if (slot == nullptr) return;
  if (slot->Begin(&writer, kMaxCountsBytes, thread.index)) {
    slot->PutCounts(entries, count);
    slot->Commit();
  } else {
    writer.CountLost();
  }
  writer.Release(slot);
}

}  // namespace heapcrest
