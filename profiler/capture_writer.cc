#include "profiler/capture_writer.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "profiler/arena.h"
#include "profiler/mappings.h"

namespace heapcrest {
namespace {

constexpr uint32_t kNoThread = UINT32_MAX;
// Descriptors below stay the program's own: it may count on 3 being the next one.
constexpr int kLowestDescriptor = 512;

uint64_t Nanoseconds(clockid_t clock) {
  timespec now;
  clock_gettime(clock, &now);
  return static_cast<uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(now.tv_nsec);
}

int MoveOutOfTheWay(int file) {
  int moved = fcntl(file, F_DUPFD_CLOEXEC, kLowestDescriptor);
  // A low RLIMIT_NOFILE: as high as it goes.
  for (int lowest = kLowestDescriptor / 2; moved < 0 && lowest > 3; lowest /= 2) {
    moved = fcntl(file, F_DUPFD_CLOEXEC, lowest);
  }
  if (moved < 0) return file;
  close(file);
  return moved;
}

}  // namespace

uint64_t MonotonicNanoseconds() { return Nanoseconds(CLOCK_MONOTONIC); }

bool WriterSlot::Begin(CaptureWriter* writer, size_t bytes, uint32_t thread_index) {
  const bool fits = chunk_ != nullptr && at_ + bytes + kMaxEventBytes <= chunk_ + kChunkBytes;
  if (!fits && !OpenChunk(writer)) return false;
  if (thread_index_ != thread_index) PutThread(thread_index);
  return true;
}

bool WriterSlot::OpenChunk(CaptureWriter* writer) {
  uint32_t number = 0;
  uint8_t* chunk = writer->MapChunk(&number);
  if (chunk == nullptr) return false;
  UnmapPages(chunk_, kChunkBytes);
  chunk_ = chunk;
  number_ = number;
  at_ = chunk + sizeof(ChunkHeader);
  allocations_ = 0;
  previous_count_ = 0;
  thread_index_ = kNoThread;
  time_ns_ = MonotonicNanoseconds();
  auto* header = reinterpret_cast<ChunkHeader*>(chunk);
  header->number = number;
  header->base_time_ns = time_ns_;
  Commit();
  // Last: a chunk without its magic is none.
  std::atomic_ref<uint32_t>(header->magic).store(kChunkMagic, std::memory_order_release);
  return true;
}

void WriterSlot::Commit() {
  auto* header = reinterpret_cast<ChunkHeader*>(chunk_);
  std::atomic_ref<uint32_t>(header->used)
      .store(static_cast<uint32_t>(at_ - chunk_), std::memory_order_release);
}

uint64_t WriterSlot::TimeDelta() {
  const uint64_t now = MonotonicNanoseconds();
  const uint64_t delta = now > time_ns_ ? now - time_ns_ : 0;
  time_ns_ += delta;
  return delta;
}

void WriterSlot::PutThread(uint32_t thread_index) {
  char name[17] = {};
  prctl(PR_GET_NAME, name);
  at_ =
      heapcrest::PutThread(at_, thread_index, static_cast<uint64_t>(gettid()), name, strlen(name));
  thread_index_ = thread_index;
}

void WriterSlot::PutStack(uint64_t stack_id, uint64_t epoch) {
  StackRecord record = {stack_id, epoch, stack.omitted, stack.gap, stack.addresses, stack.count, 0};
  const auto [end, ignored] = std::mismatch(
      stack.addresses, stack.addresses + std::min(stack.count, previous_count_), previous_);
  record.shared = static_cast<size_t>(end - stack.addresses);
  at_ = heapcrest::PutStack(at_, record);
  std::copy(end, stack.addresses + stack.count, previous_ + record.shared);
  previous_count_ = stack.count;
}

void WriterSlot::PutUnwrittenMappings(CaptureWriter* writer, uint32_t thread_index) {
  MappingRecord mapping;
  while (TakeUnwrittenMapping(&mapping)) {
    const size_t most = kMaxEventBytes + mapping.build_id_bytes + mapping.path_bytes;
    if (!Begin(writer, most, thread_index)) return;
    at_ = PutMapping(at_, mapping);
    Commit();
  }
}

uint64_t WriterSlot::PutAllocation(uint64_t size, uint64_t stack_id) {
  at_ = heapcrest::PutAllocation(at_, TimeDelta(), size, stack_id);
  return MakeSampleId(number_, allocations_++);
}

void WriterSlot::PutFree(uint64_t sample_id) {
  at_ = heapcrest::PutFree(at_, TimeDelta(), number_, sample_id);
}

void WriterSlot::PutCommand(const char* arguments, size_t bytes) {
  at_ = heapcrest::PutCommand(at_, arguments, bytes);
}

bool CaptureWriter::Open(const char* path, uint64_t interval_bytes) {
  const int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
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
  header->start_realtime_ns = Nanoseconds(CLOCK_REALTIME);
  std::atomic_thread_fence(std::memory_order_release);
  memcpy(header->magic, kMagic, sizeof(kMagic));
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
    const int file = open(path_, O_RDWR | O_CLOEXEC);
    if (file < 0) return nullptr;
    file_ = MoveOutOfTheWay(file);
    if (!OwnsFile()) return nullptr;
  }
  rlimit limit;  // writing beyond it would be answered with SIGXFSZ
  if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur < offset + bytes) {
    errno = EFBIG;
    return nullptr;
  }
  const int error = posix_fallocate(file_, static_cast<off_t>(offset), static_cast<off_t>(bytes));
  if (error != 0) {
    errno = error;
    return nullptr;
  }
  void* mapped =
      mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file_, static_cast<off_t>(offset));
  return mapped == MAP_FAILED ? nullptr : mapped;
}

uint8_t* CaptureWriter::MapChunk(uint32_t* number) {
  if (stopped()) return nullptr;
  *number = chunk_count_.fetch_add(1);
  void* chunk = MapFile(kCaptureHeaderBytes + uint64_t{*number} * kChunkBytes, kChunkBytes);
  if (chunk == nullptr) Stop(errno);
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
  if (OwnsFile()) close(file_);
  file_ = 0;
  inode_ = 0;
  chunk_count_.store(0);
  stopped_.store(false);
}

}  // namespace heapcrest
