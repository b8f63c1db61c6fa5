#include "profiler/recorder.h"

#include "profiler/mappings.h"
#include "profiler/python/object_hooks.h"

namespace heapcrest {
namespace {

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

}  // namespace

thread_local constinit ThreadState t_thread = {};

void StartSlow() {
  const ErrnoKeeper errno_keeper;
  g_session.Enter(&t_thread);
  t_thread.is_new = false;  // no allocation is at hand
}

bool DecideSlow(size_t size) {
  const ErrnoKeeper errno_keeper;
  ThreadState& thread = t_thread;
  Sampler& sampler = thread.sampler;
  if (thread.probing) thread.probe_hit = true;
  if (thread.in_hook || thread.probing || !g_session.Enter(&thread)) {
    if (sampler.countdown < 0) {
      sampler.countdown = static_cast<int64_t>(static_cast<uint64_t>(sampler.countdown) + size);
    }
    return false;
  }
  if (thread.is_new) {
    thread.is_new = false;
    if (PassesUnsampled(size)) return false;
  }
  return sampler.CoversMark(size);
}

void RecordAllocationSlow(void* block, size_t size) {
  const ErrnoKeeper errno_keeper;
  const uint32_t thread_index = t_thread.index;
  CaptureWriter& writer = g_session.writer;
  WriterSlot* slot = writer.Lease(thread_index);
  if (slot == nullptr) return;
  CaptureCallStack(&slot->stack);
  const uint64_t epoch = MappingEpoch();
  bool is_new;
  const uint64_t stack_id = g_session.stacks.Intern(HashOf(slot->stack, epoch), &is_new);
  slot->PutUnwrittenMappings(&writer, thread_index);
  slot->PutNewPythonCode(&writer, thread_index);
  const size_t stack_bytes = is_new ? MaxStackBytes(slot->stack.count) : 0;
  if (stack_id != StackTable::kNoStack &&
      slot->Begin(&writer, kMaxEventBytes + stack_bytes, thread_index)) {
    if (is_new) slot->PutStack(stack_id, epoch);
    const uint64_t sample_id = slot->PutAllocation(size, stack_id);
    slot->Commit();
    g_session.live.Add(block, sample_id);
  } else {
    writer.CountLost();
  }
  writer.Release(slot);
  WrapPythonObjectsSlow();
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

}  // namespace heapcrest
