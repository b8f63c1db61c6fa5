// One open chunk of the capture and what is written into it next.
//
// Records are put behind each other and become visible to the reader all at once with Commit, so
// that a process may be killed between any two instructions.
//
// Not thread-safe: leased by one thread at a time from CaptureWriter. Called from hooks: yes (slow
// path). Allocates: chunks of the file.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "profiler/call_stack.h"
#include "profiler/format/capture_format.h"
#include "profiler/format/record.h"
#include "profiler/python/object_types.h"

namespace heapcrest {

class CaptureWriter;

// Zeroed memory is a slot without a chunk.
class WriterSlot {
 public:
  // What the thread unwinds into, and the stack that was written last.
  CallStack stack;

  // Begins an event of up to `bytes` on this thread: false when nothing more can be recorded.
  bool Begin(CaptureWriter* writer, size_t bytes, uint32_t thread_index);

  void PutStack(uint64_t stack_id, uint64_t epoch);
  void PutUnwrittenMappings(CaptureWriter* writer, uint32_t thread_index);
  void PutNewPythonCode(CaptureWriter* writer, uint32_t thread_index);  // that `stack` met
  // Returns the sample's id.
  uint64_t PutAllocation(const AllocationRecord& allocation);
  void PutFree(uint64_t sample_id);
  void PutObjectType(uint64_t sample_id, const ObjectType& type);
  void PutChildEnd(int pid, int wait_status);
  void PutUnknownPython(uint32_t version_hex);
  void PutCounts(const Counts& counts);
  void PutObjectCounts(const ObjectCounts& counts);
  void PutLiveObjects(const LiveObjects& change);
  void PutCommand(const char* arguments, size_t bytes);

  // Makes what was put visible to the reader.
  void Commit();

 private:
  friend class CaptureWriter;
  bool OpenChunk(CaptureWriter* writer);
  void PutThread(uint32_t thread_index);
  uint64_t TimeDelta();

  std::atomic<bool> leased_;
  uint8_t* chunk_;
  uint8_t* at_;
  uint32_t number_;
  uint32_t allocations_;   // in this chunk
  uint32_t thread_index_;  // of the records at `at_`; kNoThread: none said yet
  uint64_t time_ns_;       // of the last record
  size_t previous_count_;
  uint64_t previous_[kMaxStackFrames];  // the stack that was written last in this chunk
  char python_file_[kMaxPythonTextBytes], python_name_[kMaxPythonTextBytes];
};

}  // namespace heapcrest
