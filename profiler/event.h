// What the recorder's parts have in common: one event written into a leased slot.
//
// Thread-safe and async-signal-safe. Called from hooks: yes (slow path). Allocates: never.
#pragma once

#include <errno.h>

#include <cstddef>
#include <cstdint>

#include "profiler/recorder.h"

namespace heapcrest {

inline constexpr uint64_t kNoSample = UINT64_MAX;

class ErrnoKeeper {
 public:
  ~ErrnoKeeper() { errno = saved_; }

 private:
  const int saved_ = errno;
};

// A handler that interrupted us may have forked: then this is the child, in the parent's chunk.
inline void CommitOwn(WriterSlot* slot) {
  if (!g_session.IsForkedChild()) slot->Commit();
}

// An event of at most `bytes`: `put` puts its records into the slot.
template <typename Put>
void WriteEvent(size_t bytes, Put put) {
  const uint32_t thread_index = t_thread.index;
  CaptureWriter& writer = g_session.writer;
  WriterSlot* slot = writer.Lease(thread_index);
  if (slot == nullptr) return;
  if (slot->Begin(&writer, bytes, thread_index)) {
    put(slot);
    CommitOwn(slot);
  } else {
    writer.CountLost();
  }
  writer.Release(slot);
}

// `overhead`: of RecordKind::kAllocation. Returns the sample's id with `flags`, as the table of
// live samples has it; kNoSample: it was lost.
uint64_t WriteAllocation(void* block, size_t size, uint64_t overhead, uint64_t flags);

// After a sample of Python's: folds what this thread counted, if it is time.
void FoldAfterObject();

}  // namespace heapcrest
