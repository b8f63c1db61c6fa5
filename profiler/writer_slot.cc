#include "profiler/writer_slot.h"

#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "profiler/arena.h"
#include "profiler/capture_writer.h"
#include "profiler/clock.h"
#include "profiler/mappings.h"

namespace heapcrest {
namespace {

constexpr uint32_t kNoThread = UINT32_MAX;

}  // namespace

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

void WriterSlot::PutNewPythonCode(CaptureWriter* writer, uint32_t thread_index) {
  const PythonInterpreter* python = Python();
  for (size_t i = 0; i < stack.new_python_code.count; ++i) {
    const auto [code, id] = stack.new_python_code.entries[i];
    const PythonCodeFacts facts = FactsOf(*python, code);
    const size_t file_bytes = PutUtf8(facts.file, python_file_, sizeof(python_file_));
    const size_t name_bytes = PutUtf8(facts.name, python_name_, sizeof(python_name_));
    if (!Begin(writer, kMaxEventBytes + file_bytes + name_bytes, thread_index)) return;
    at_ = PutPythonCode(at_, {id, python->layout.lines, facts.first_line, python_file_, file_bytes,
                              python_name_, name_bytes});
    Commit();
    size_t piece;
    for (size_t done = 0; done < facts.lines.count; done += piece) {
      piece = std::min(facts.lines.count - done, kMaxPythonLinesBytes);
      if (!Begin(writer, kMaxEventBytes + piece, thread_index)) return;
      at_ = PutPythonLines(at_, id, facts.lines.data + done, piece);
      Commit();
    }
  }
}

uint64_t WriterSlot::PutAllocation(const AllocationRecord& allocation) {
  at_ = heapcrest::PutAllocation(at_, TimeDelta(), allocation);
  return MakeSampleId(number_, allocations_++);
}

void WriterSlot::PutFree(uint64_t sample_id) {
  at_ = heapcrest::PutFree(at_, TimeDelta(), number_, sample_id);
}

void WriterSlot::PutObjectType(uint64_t sample_id, const ObjectType& type) {
  const PythonBytes& name = type.new_name;
  if (name.count != 0) {
    at_ = PutPythonType(at_, type.id, reinterpret_cast<const char*>(name.data), name.count);
  }
  at_ = heapcrest::PutObjectType(at_, number_, sample_id, type.id);
}

void WriterSlot::PutChildEnd(int pid, int wait_status) {
  at_ = heapcrest::PutChildEnd(at_, TimeDelta(), static_cast<uint64_t>(pid),
                               static_cast<uint64_t>(wait_status));
}

void WriterSlot::PutUnknownPython(uint32_t version_hex) {
  at_ = heapcrest::PutUnknownPython(at_, version_hex);
}

void WriterSlot::PutCounts(const Counts& counts) {
  at_ = heapcrest::PutCounts(at_, TimeDelta(), counts);
}

void WriterSlot::PutObjectCounts(const ObjectCounts& counts) {
  at_ = heapcrest::PutObjectCounts(at_, TimeDelta(), counts);
}

void WriterSlot::PutLiveObjects(const LiveObjects& change) {
  at_ = heapcrest::PutLiveObjects(at_, TimeDelta(), change);
}

void WriterSlot::PutCommand(const char* arguments, size_t bytes) {
  at_ = heapcrest::PutCommand(at_, arguments, bytes);
}

}  // namespace heapcrest
