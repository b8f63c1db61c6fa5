#include "profiler/recorder.h"

#include <algorithm>

#include "profiler/event.h"
#include "profiler/mappings.h"
#include "profiler/python/arena_hooks.h"
#include "profiler/python/object_hooks.h"

namespace heapcrest {
namespace {

// A fold costs a third of a sample.
constexpr uint32_t kSamplesPerFold = 8;

// Stacks of different epochs are different stacks, even at equal addresses.
uint64_t HashOf(const CallStack& stack, uint64_t epoch) {
  return stack.hash ^ epoch * 0xff51afd7ed558ccd;
}

// After a sample. (A handler's, between the decision about a sample and its record, may come to be
// the last of its level: the outer one then weighs twice its own, once in a process.)
void TakeLaterSamplesCoarser(ThreadState* thread, uint64_t frames) {
  if (thread->finer == 0) [[likely]]
    return;
  const uint32_t finer = g_session.CountEarlySample(frames);
  if (finer == thread->finer) return;
  thread->finer = finer;
  thread->sampler.ChangeInterval(g_session.IntervalBytes(finer));
}

}  // namespace

uint64_t WriteAllocation(void* block, size_t size, uint64_t overhead, uint64_t flags) {
  const uint32_t thread_index = t_thread.index;
  CaptureWriter& writer = g_session.writer;
  WriterSlot* slot = writer.Lease(thread_index);
  if (slot == nullptr) return kNoSample;
  CaptureCallStack(&slot->stack);
  const uint64_t epoch = MappingEpoch();
  const uint64_t hash = HashOf(slot->stack, epoch);
  uint64_t stack_id;
  const bool is_known = g_session.stacks.Find(hash, &stack_id);
  slot->PutUnwrittenMappings(&writer, thread_index);
  slot->PutNewPythonCode(&writer, thread_index);
  uint64_t sample_id = kNoSample;
  const size_t stack_bytes = is_known ? 0 : MaxStackBytes(slot->stack.count);
  if (slot->Begin(&writer, kMaxEventBytes + stack_bytes, thread_index)) {
    if (!is_known) slot->PutStack(stack_id, epoch);
    const Domain domain = (flags & kObject) != 0 ? Domain::kPythonObject : Domain::kMalloc;
    sample_id = slot->PutAllocation({size, stack_id, overhead, domain, t_thread.finer}) | flags;
    CommitOwn(slot);
    if (!is_known) g_session.stacks.Publish(hash, stack_id);
    g_session.live.Add(block, sample_id);
  } else {
    writer.CountLost();
  }
  const uint64_t frames = slot->stack.count + slot->stack.omitted;
  writer.Release(slot);
  TakeLaterSamplesCoarser(&t_thread, frames);
  WrapPythonObjectsSlow();
  return sample_id;
}

namespace {

// Makes this thread part of the recording. False: nothing is recorded (yet).
bool Enter(ThreadState* thread) {
  return !thread->in_hook && !thread->probing && g_session.Enter(thread);
}

// The same when no allocation is at hand.
bool EnterOnly(ThreadState* thread) {
  const bool entered = Enter(thread);
  thread->is_new = false;
  return entered;
}

// False: time to fold.
bool NoteLiveObjects(ThreadState* thread) {
  return !CountsFreedObjects() || t_counts.SetObjects(thread->objects.ChangeOfBytes());
}

// Takes Python's objects out of the requested bytes: they have counts of their own.
void FoldObjects(ThreadState* thread, Counts* counts, WriterSlot* slot) {
  ObjectCounts objects;
  const uint64_t bytes = thread->objects.Take(&objects);
  const LiveObjects change = thread->objects.TakeChange(objects);
  if (bytes == 0 && change == LiveObjects()) return;
  // A handler that allocated in between may have counted more than was taken: next time.
  const uint64_t known = std::min(counts->requested_bytes, bytes);
  counts->requested_bytes -= known;
  thread->sampler.Withdraw(bytes - known);
  slot->PutObjectCounts(objects);
  if (CountsFreedObjects()) slot->PutLiveObjects(change);
}

void Fold(ThreadState* thread) {
  NoteLiveObjects(thread);
  WriteEvent(2 * kMaxEventBytes + kMaxObjectCountsBytes, [thread](WriterSlot* slot) {
    Counts counts;
    if (!t_counts.Take(&thread->sampler, &counts)) return;
    thread->unfolded_samples = 0;
    if (Python() != nullptr) FoldObjects(thread, &counts, slot);
    slot->PutCounts(counts);
  });
}

// Whether this thread's counts go into the capture.
bool HasCountsToFold(ThreadState* thread) {
  if (g_session.IsForkedChild()) {  // not worth a capture yet
    t_counts.TurnOff();
    return false;
  }
  return EnterOnly(thread) && g_session.CountsBlocks();
}

}  // namespace

thread_local constinit ThreadState t_thread = {};
thread_local constinit ThreadCounts t_counts = {};
constinit uintptr_t g_looked_up_to = UINTPTR_MAX;

void StartSlow() {
  const ErrnoKeeper errno_keeper;
  EnterOnly(&t_thread);
}

bool DecideSlow(size_t size) {
  const ErrnoKeeper errno_keeper;
  ThreadState& thread = t_thread;
  Sampler& sampler = thread.sampler;
  if (!Enter(&thread)) {
    sampler.AskAgain(size);
    return false;
  }
  if (thread.is_new) {
    thread.is_new = false;
    sampler.SubtractAgain(size);
  }
  return sampler.countdown < 0 && sampler.CoversMark(size);
}

void* FailSlow() {
  t_thread.sampler.NoteFailure();
  return nullptr;
}

void* CountAllocationSlow(void* block) {
  if (block == nullptr) return FailSlow();
  if (!t_counts.AddAllocation(BlockBytes(block))) FoldSlow(&t_thread);
  return block;
}

void* RecordAllocationSlow(void* block, size_t size, size_t rounded) {
  const ErrnoKeeper errno_keeper;
  ThreadState& thread = t_thread;
  if (block == nullptr) {
    thread.sampler.Withdraw(size);
    return nullptr;
  }
  const size_t telltale_bytes = rounded != 0 ? TelltaleBytesIn(block, rounded) : 0;
  const size_t block_bytes = BlockBytes(block) - telltale_bytes;
  const uint64_t overhead = 1 + std::max(block_bytes, size) - size;
  LookAtLastObjectSlow();
  thread.not_last_block = ~reinterpret_cast<uintptr_t>(block);
  thread.last_block_id = WriteAllocation(block, size, KnowsBlockBytes() ? overhead : 0,
                                         uint64_t{telltale_bytes / 16} << kTelltaleShift);
  ++thread.unfolded_samples;
  const bool has_room = t_counts.AddAllocation(block_bytes);
  if (!has_room || thread.unfolded_samples >= kSamplesPerFold) FoldSlow(&thread);
  return block;
}

void* RecordUncountedSlow(void* block, size_t size) {
  const ErrnoKeeper errno_keeper;
  if (block != nullptr) WriteAllocation(block, size, 0, 0);
  return block;
}

void FoldAfterObject() {
  ThreadState& thread = t_thread;
  ++thread.unfolded_samples;
  const bool has_room = NoteLiveObjects(&thread);
  if (!has_room || thread.unfolded_samples >= kSamplesPerFold) FoldSlow(&thread);
}

void CountFreeSlow(size_t block_bytes) {
  if (!t_counts.AddFree(block_bytes)) FoldSlow(&t_thread);
}

void FoldSlow(ThreadState* thread) {
  const ErrnoKeeper errno_keeper;
  if (HasCountsToFold(thread)) Fold(thread);
}

void* FoldSlow(void* block) {
  FoldSlow(&t_thread);
  return block;
}

bool TakeSampleSlow(const void* block, uint64_t* sample_id) {
  // In a child, too: its next block at this address is another one.
  return g_session.live.Remove(block, sample_id) && (*sample_id & kInherited) == 0 &&
         !g_session.IsForkedChild();
}

void PutBackSampleSlow(const void* block, uint64_t sample_id) {
  g_session.live.Add(block, sample_id);
}

size_t TelltaleBytesSlow(const void* block) {
  uint64_t sample_id;
  if (!MayTell(block) || !MayBeSample(block) || !g_session.live.Get(block, &sample_id)) return 0;
  return TelltaleBytesOf(sample_id);
}

void RecordFreeSlow(uint64_t sample_id) {
  const ErrnoKeeper errno_keeper;
  WriteEvent(kMaxEventBytes,
             [sample_id](WriterSlot* slot) { slot->PutFree(sample_id & kSampleId); });
}

void RecordChildEndSlow(int pid, int wait_status) {
  const ErrnoKeeper errno_keeper;
  ThreadState& thread = t_thread;
  // A child of vfork shares this memory; it has no capture to write to.
  if (thread.in_hook || !g_session.Enter(&thread) || g_session.IsInVforkChild()) return;
  WriteEvent(kMaxEventBytes,
             [pid, wait_status](WriterSlot* slot) { slot->PutChildEnd(pid, wait_status); });
}

}  // namespace heapcrest
