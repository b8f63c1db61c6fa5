#include "profiler/format/record.h"

#include <cstring>

#include "profiler/format/varint.h"

namespace heapcrest {
namespace {

// Leaves `length_bytes` for the payload's length and fills them in at Finish(): the payload is
// written once, in place. The length may be padded: 0x85 0x00 reads as 5.
class Payload {
 public:
  Payload(uint8_t* out, RecordKind kind, unsigned length_bytes)
      : length_(out + 1), length_bytes_(length_bytes) {
    *out = static_cast<uint8_t>(kind);
    at_ = length_ + length_bytes;
  }

  void Number(uint64_t value) { at_ = PutVarint(at_, value); }

  void Bytes(const void* bytes, size_t count) {
    if (count != 0) memcpy(at_, bytes, count);
    at_ += count;
  }

  void Sample(uint32_t own_chunk, uint64_t sample_id) {
    const auto chunk = static_cast<int64_t>(sample_id >> kSampleIndexBits);
    Number(Zigzag(chunk - static_cast<int64_t>(own_chunk)));
    Number(sample_id & ((1u << kSampleIndexBits) - 1));
  }

  uint8_t* Finish() {
    size_t length = static_cast<size_t>(at_ - length_) - length_bytes_;
    for (unsigned i = 0; i < length_bytes_; ++i, length >>= 7) {
      const bool last = i + 1 == length_bytes_;
      length_[i] = static_cast<uint8_t>((length & 0x7f) | (last ? 0 : 0x80));
    }
    return at_;
  }

 private:
  uint8_t* const length_;
  const unsigned length_bytes_;
  uint8_t* at_;
};

}  // namespace

uint8_t* PutAllocation(uint8_t* out, uint64_t time_delta_ns, const AllocationRecord& allocation) {
  Payload payload(out, RecordKind::kAllocation, 1);
  payload.Number(time_delta_ns);
  payload.Number(allocation.size);
  payload.Number(allocation.stack_id);
  payload.Number(allocation.overhead);
  const bool is_finer = allocation.finer != 0;
  if (is_finer || allocation.domain != Domain::kMalloc) {
    payload.Number(static_cast<uint64_t>(allocation.domain));
  }
  if (is_finer) payload.Number(allocation.finer);
  return payload.Finish();
}

uint8_t* PutFree(uint8_t* out, uint64_t time_delta_ns, uint32_t own_chunk, uint64_t sample_id) {
  Payload payload(out, RecordKind::kFree, 1);
  payload.Number(time_delta_ns);
  payload.Sample(own_chunk, sample_id);
  return payload.Finish();
}

uint8_t* PutStack(uint8_t* out, const StackRecord& stack) {
  Payload payload(out, RecordKind::kStack, 3);
  payload.Number(stack.id);
  payload.Number(stack.epoch);
  payload.Number(stack.omitted);
  payload.Number(stack.gap);
  payload.Number(stack.shared);
  uint64_t outside = stack.shared == 0 ? 0 : stack.addresses[stack.shared - 1];
  for (size_t i = stack.shared; i < stack.count; ++i) {
    payload.Number(Zigzag(static_cast<int64_t>(stack.addresses[i] - outside)));
    outside = stack.addresses[i];
  }
  return payload.Finish();
}

uint8_t* PutMapping(uint8_t* out, const MappingRecord& mapping) {
  Payload payload(out, RecordKind::kMapping, 3);
  payload.Number(mapping.epoch);
  payload.Number(mapping.start);
  payload.Number(mapping.end);
  payload.Number(mapping.bias);
  payload.Number(mapping.build_id_bytes);
  payload.Bytes(mapping.build_id, mapping.build_id_bytes);
  payload.Bytes(mapping.path, mapping.path_bytes);
  return payload.Finish();
}

uint8_t* PutThread(uint8_t* out, uint64_t index, uint64_t tid, const char* name,
                   size_t name_bytes) {
  Payload payload(out, RecordKind::kThread, 1);
  payload.Number(index);
  payload.Number(tid);
  payload.Bytes(name, name_bytes);
  return payload.Finish();
}

uint8_t* PutChildEnd(uint8_t* out, uint64_t time_delta_ns, uint64_t pid, uint64_t wait_status) {
  Payload payload(out, RecordKind::kChildEnd, 1);
  payload.Number(time_delta_ns);
  payload.Number(pid);
  payload.Number(wait_status);
  return payload.Finish();
}

uint8_t* PutCounts(uint8_t* out, uint64_t time_delta_ns, const Counts& counts) {
  Payload payload(out, RecordKind::kCounts, 1);
  payload.Number(time_delta_ns);
  payload.Number(counts.allocated);
  payload.Number(counts.requested_bytes);
  payload.Number(counts.freed);
  payload.Number(Zigzag(counts.live_block_bytes));
  return payload.Finish();
}

uint8_t* PutObjectCounts(uint8_t* out, uint64_t time_delta_ns, const ObjectCounts& counts) {
  Payload payload(out, RecordKind::kObjectCounts, 2);
  payload.Number(time_delta_ns);
  for (size_t i = 0; i < kObjectClasses; ++i) {
    if (counts[i].objects == 0) continue;
    payload.Number(i);
    payload.Number(counts[i].objects);
    payload.Number(counts[i].bytes);
  }
  return payload.Finish();
}

uint8_t* PutLiveObjects(uint8_t* out, uint64_t time_delta_ns, const LiveObjects& change) {
  Payload payload(out, RecordKind::kLiveObjects, 1);
  payload.Number(time_delta_ns);
  payload.Number(Zigzag(change.objects));
  payload.Number(Zigzag(change.pool_bytes));
  return payload.Finish();
}

uint8_t* PutCommand(uint8_t* out, const char* arguments, size_t bytes) {
  Payload payload(out, RecordKind::kCommand, 3);
  payload.Bytes(arguments, bytes);
  return payload.Finish();
}

uint8_t* PutPythonCode(uint8_t* out, const PythonCodeRecord& code) {
  Payload payload(out, RecordKind::kPythonCode, 3);
  payload.Number(code.id);
  payload.Number(static_cast<uint64_t>(code.lines));
  payload.Number(code.first_line);
  payload.Number(code.file_bytes);
  payload.Bytes(code.file, code.file_bytes);
  payload.Bytes(code.name, code.name_bytes);
  return payload.Finish();
}

uint8_t* PutPythonType(uint8_t* out, uint64_t type_id, const char* name, size_t name_bytes) {
  Payload payload(out, RecordKind::kPythonType, 2);
  payload.Number(type_id);
  payload.Bytes(name, name_bytes);
  return payload.Finish();
}

uint8_t* PutObjectType(uint8_t* out, uint32_t own_chunk, uint64_t sample_id, uint64_t type_id) {
  Payload payload(out, RecordKind::kObjectType, 1);
  payload.Sample(own_chunk, sample_id);
  payload.Number(type_id);
  return payload.Finish();
}

uint8_t* PutUnknownPython(uint8_t* out, uint64_t version_hex) {
  Payload payload(out, RecordKind::kUnknownPython, 1);
  payload.Number(version_hex);
  return payload.Finish();
}

uint8_t* PutPythonLines(uint8_t* out, uint64_t code_id, const uint8_t* lines, size_t bytes) {
  Payload payload(out, RecordKind::kPythonLines, 3);
  payload.Number(code_id);
  payload.Bytes(lines, bytes);
  return payload.Finish();
}

}  // namespace heapcrest
