// Writes the capture file of this process, through shared mappings of its chunks.
//
// A thread leases a writer slot (writer_slot.h) for the few hundred nanoseconds that one event
// takes and gives it back: there are as many open chunks as threads that recorded at the same
// moment, not as many as threads, nothing is to be done when a thread ends, and a signal handler
// that interrupts a lease simply gets another slot. Nobody ever waits.
//
// The page cache holds what was written, whatever kills the process; nothing is flushed. Chunks are
// given disk space before they are mapped, so that a full disk is an error and not a SIGBUS; then
// recording stops for good and the header says why. docs/file-format.md has the layout.
//
// Thread-safe and async-signal-safe unless it says otherwise. Called from hooks: yes (slow path).
// Allocates: pages (arena), chunks of the file.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "profiler/format/capture_format.h"
#include "profiler/writer_slot.h"

namespace heapcrest {

class CaptureWriter {
 public:
  // Creates `path`, which must stay valid, and its header. False: errno says why.
  // REQUIRES: called once, by one thread.
  bool Open(const char* path, uint64_t interval_bytes);

  // A slot for this thread alone until Release; nullptr when all are taken (counted as lost).
  WriterSlot* Lease(uint32_t thread_index);
  void Release(WriterSlot* slot);

  void CountLost();
  bool stopped() const { return stopped_.load(std::memory_order_relaxed); }

  // Notes that the program may allocate where we do not see it.
  void NoteOwnMalloc() { header_->has_own_malloc = 1; }
  void NoteSizesTell() { header_->sizes_tell = 1; }

  // Notes how the process ends; recording goes on while exit handlers allocate.
  void NoteExit(int status);

  // REQUIRES: no other thread runs. Lets go of everything that a forked child inherited.
  void Abandon();

 private:
  friend class WriterSlot;
  static constexpr size_t kSlots = 256;

  // Maps the next chunk of the file; nullptr: recording has stopped.
  uint8_t* MapChunk(uint32_t* number);
  void* MapFile(uint64_t offset, size_t bytes);
  bool OwnsFile() const;
  void Stop(int error);

  std::atomic<WriterSlot*> slots_[kSlots] = {};
  std::atomic<uint32_t> chunk_count_{0};
  std::atomic<bool> stopped_{false};
  CaptureHeader* header_ = nullptr;
  const char* path_ = nullptr;
  int file_ = 0;  // not ours until Open: OwnsFile() says so
  uint64_t device_ = 0, inode_ = 0;
};

}  // namespace heapcrest
