#include "profiler/capture_writer.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "profiler/arena.h"
#include "profiler/clock.h"
#include "profiler/format/descriptors.h"
#include "profiler/uncancelled.h"

namespace heapcrest {
namespace {

// A descriptor beyond the program's own limit, where nobody looks for open ones: for a moment the
// limit is higher. Not just above a tiny limit: it may have been lowered under open ones. -1: it
// may not be raised, or the kernel's table would become large.
int MoveBeyondLimit(int file) {
  rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur > kHighestDescriptor) return -1;
  const rlim_t lowest = std::max(limit.rlim_cur, std::min(kLowestDescriptor, limit.rlim_max - 1));
  const rlimit raised = {lowest + 1, std::max(lowest + 1, limit.rlim_max)};
  if (setrlimit(RLIMIT_NOFILE, &raised) != 0) return -1;
  const int moved = fcntl(file, F_DUPFD_CLOEXEC, static_cast<int>(lowest));
  setrlimit(RLIMIT_NOFILE, &limit);
  return moved;
}

int MoveOutOfTheWay(int file) {
  int moved = MoveBeyondLimit(file);
  // As high as it goes.
  for (int lowest = static_cast<int>(kLowestDescriptor); moved < 0 && lowest > 3; lowest /= 2) {
    moved = fcntl(file, F_DUPFD_CLOEXEC, lowest);
  }
  if (moved < 0) return file;
  CloseUncancelled(file);
  return moved;
}

// Before a chunk is written through its mapping: the first store to a page that the kernel's cache
// has already takes a quarter of the time (3 us instead of 12 on ext4).
bool FillWithZeros(int file, off_t offset, off_t bytes) {
  static char zeros[kChunkBytes];
  return WriteUncancelledAt(file, zeros, static_cast<size_t>(bytes), offset) == bytes;
}

// A store to a mapped page without a block on the disk would end the program when the disk is full.
// (glibc's posix_fallocate is a cancellation point where the file system cannot do it.)
bool Reserve(int file, off_t offset, off_t bytes) {
  constexpr int kMostTries = 100;  // of a program that gets signals all the time
  for (int i = 0; i < kMostTries; ++i) {
    if (syscall(SYS_fallocate, file, 0, offset, bytes) == 0) return true;
    if (errno != EINTR) break;
  }
  return (errno == EOPNOTSUPP || errno == EINTR) && FillWithZeros(file, offset, bytes);
}

}  // namespace

bool CaptureWriter::Open(const char* path, uint64_t interval_bytes) {
  const int file = OpenUncancelled(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return false;
  file_ = MoveOutOfTheWay(file);
  path_ = path;
  struct stat status;
  fstat(file_, &status);
  device_ = status.st_dev;
  inode_ = status.st_ino;
  auto* header = static_cast<CaptureHeader*>(MapFile(0, kCaptureHeaderBytes));
  if (header == nullptr) return false;
  header->version = kFormatVersion;
  header->kind = FileKind::kCapture;
  header->chunk_bytes = kChunkBytes;
  header->pid = static_cast<uint32_t>(getpid());
  header->parent_pid = static_cast<uint32_t>(getppid());
  header->interval_bytes = interval_bytes;
  header->start_monotonic_ns = MonotonicNanoseconds();
  header->start_realtime_ns = RealtimeNanoseconds();
  uint64_t magic;  // last of all: a header with it is complete
  memcpy(&magic, kMagic, sizeof(magic));
  std::atomic_ref(*reinterpret_cast<uint64_t*>(header->magic))
      .store(magic, std::memory_order_release);
  header_ = header;
  return true;
}

bool CaptureWriter::OwnsFile() const {
  struct stat status;
  return fstat(file_, &status) == 0 && status.st_dev == device_ && status.st_ino == inode_;
}

void* CaptureWriter::MapFile(uint64_t offset, size_t bytes) {
  if (!OwnsFile()) {
    // The program closed all its descriptors, as daemons do, and may have reused ours.
    const int file = OpenUncancelled(path_, O_RDWR | O_CLOEXEC);
    if (file < 0) return nullptr;
    file_ = MoveOutOfTheWay(file);
    if (!OwnsFile()) return nullptr;
  }
  rlimit limit;  // writing beyond it would be answered with SIGXFSZ
  if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur < offset + bytes) {
    errno = EFBIG;
    return nullptr;
  }
  if (!Reserve(file_, static_cast<off_t>(offset), static_cast<off_t>(bytes))) return nullptr;
  void* mapped =
      mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file_, static_cast<off_t>(offset));
  return mapped == MAP_FAILED ? nullptr : mapped;
}

uint8_t* CaptureWriter::MapChunk(uint32_t* number) {
  if (stopped()) return nullptr;
  *number = chunk_count_.fetch_add(1);
  const uint64_t offset = kCaptureHeaderBytes + uint64_t{*number} * kChunkBytes;
  void* chunk = MapFile(offset, kChunkBytes);
  if (chunk == nullptr) {
    Stop(errno);
  } else if (*number > 0) {  // most processes, above all forked ones, never fill their first
    FillWithZeros(file_, static_cast<off_t>(offset), kChunkBytes);
  }
  return static_cast<uint8_t*>(chunk);
}

void CaptureWriter::Stop(int error) {
  if (stopped_.exchange(true)) return;
  header_->stop_monotonic_ns = MonotonicNanoseconds();
  header_->stop_errno = static_cast<uint32_t>(error);
}

WriterSlot* CaptureWriter::Lease(uint32_t thread_index) {
  // Starting at the thread's own number, threads mostly meet the slot that they had before.
  for (size_t i = 0; i < kSlots; ++i) {
    std::atomic<WriterSlot*>& place = slots_[i == 0 ? thread_index % 8 : i - 1];
    WriterSlot* slot = place.load(std::memory_order_acquire);
    if (slot == nullptr) {
      slot = static_cast<WriterSlot*>(MapPages(sizeof(WriterSlot)));
      if (slot == nullptr) break;
      slot->leased_.store(true, std::memory_order_relaxed);
      WriterSlot* none = nullptr;
      if (place.compare_exchange_strong(none, slot, std::memory_order_acq_rel)) return slot;
      UnmapPages(slot, sizeof(WriterSlot));  // another thread was faster
      continue;
    }
    if (!slot->leased_.load(std::memory_order_relaxed) &&
        !slot->leased_.exchange(true, std::memory_order_acquire)) {
      return slot;
    }
  }
  CountLost();
  return nullptr;
}

void CaptureWriter::Release(WriterSlot* slot) {
  slot->leased_.store(false, std::memory_order_release);
}

void CaptureWriter::CountLost() {
  if (header_ == nullptr) return;
  std::atomic_ref<uint64_t>(header_->lost_records).fetch_add(1, std::memory_order_relaxed);
}

void CaptureWriter::NoteExit(int status) {
  if (header_ == nullptr) return;
  header_->exit_status = static_cast<uint32_t>(status);
  header_->end_monotonic_ns = MonotonicNanoseconds();
  header_->end_state = EndState::kExited;
}

void CaptureWriter::Abandon() {
  for (auto& place : slots_) {
    WriterSlot* slot = place.exchange(nullptr);
    if (slot == nullptr) continue;
    UnmapPages(slot->chunk_, kChunkBytes);
    UnmapPages(slot, sizeof(WriterSlot));
  }
  UnmapPages(header_, kCaptureHeaderBytes);
  header_ = nullptr;
  if (OwnsFile()) CloseUncancelled(file_);
  file_ = 0;
  inode_ = 0;
  chunk_count_.store(0);
  stopped_.store(false);
}

}  // namespace heapcrest
