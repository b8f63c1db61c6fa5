#include "tests/viewer/capture_builder.h"

#include <algorithm>
#include <cstring>

namespace heapcrest {

template <typename Put>
ChunkBuilder& ChunkBuilder::Append(Put put) {
  std::vector<uint8_t> record(kChunkBytes);
  const uint8_t* const end = put(record.data());
  records_.append(reinterpret_cast<const char*>(record.data()),
                  static_cast<size_t>(end - record.data()));
  return *this;
}

ChunkBuilder& ChunkBuilder::Thread(uint64_t index, uint64_t tid, std::string_view name) {
  return Append([&](uint8_t* out) { return PutThread(out, index, tid, name.data(), name.size()); });
}

ChunkBuilder& ChunkBuilder::Stack(uint64_t id, const std::vector<uint64_t>& addresses,
                                  uint64_t epoch, uint64_t omitted, uint64_t gap) {
  const size_t most = std::min(addresses.size(), previous_.size());
  const auto differing = std::mismatch(
      addresses.begin(), addresses.begin() + static_cast<ptrdiff_t>(most), previous_.begin());
  const auto shared = static_cast<size_t>(differing.first - addresses.begin());
  previous_ = addresses;
  return Append([&](uint8_t* out) {
    return PutStack(out, {id, epoch, omitted, gap, addresses.data(), addresses.size(), shared});
  });
}

uint64_t ChunkBuilder::Allocation(uint64_t elapsed_ns, uint64_t size, uint64_t stack_id,
                                  uint64_t overhead, Domain domain, uint64_t finer) {
  Append([&](uint8_t* out) {
    return PutAllocation(out, elapsed_ns, {size, stack_id, overhead, domain, finer});
  });
  return MakeSampleId(number_, allocations_++);
}

ChunkBuilder& ChunkBuilder::Counts(uint64_t elapsed_ns, const heapcrest::Counts& counts) {
  return Append([&](uint8_t* out) { return PutCounts(out, elapsed_ns, counts); });
}

ChunkBuilder& ChunkBuilder::ObjectCounts(uint64_t elapsed_ns,
                                         const heapcrest::ObjectCounts& counts) {
  return Append([&](uint8_t* out) { return PutObjectCounts(out, elapsed_ns, counts); });
}

ChunkBuilder& ChunkBuilder::LiveObjects(uint64_t elapsed_ns, const heapcrest::LiveObjects& change) {
  return Append([&](uint8_t* out) { return PutLiveObjects(out, elapsed_ns, change); });
}

ChunkBuilder& ChunkBuilder::TypeName(uint64_t type_id, std::string_view name) {
  return Append(
      [&](uint8_t* out) { return PutPythonType(out, type_id, name.data(), name.size()); });
}

ChunkBuilder& ChunkBuilder::Type(uint64_t sample_id, uint64_t type_id) {
  return Append([&](uint8_t* out) { return PutObjectType(out, number_, sample_id, type_id); });
}

ChunkBuilder& ChunkBuilder::Free(uint64_t elapsed_ns, uint64_t sample_id) {
  return Append([&](uint8_t* out) { return PutFree(out, elapsed_ns, number_, sample_id); });
}

ChunkBuilder& ChunkBuilder::Mapping(uint64_t start, uint64_t end, uint64_t bias,
                                    std::string_view path, uint64_t epoch) {
  static constexpr uint8_t kBuildId[] = {0xab, 0x00, 0xcd};
  return Append([&](uint8_t* out) {
    return PutMapping(
        out, {epoch, start, end, bias, kBuildId, sizeof(kBuildId), path.data(), path.size()});
  });
}

ChunkBuilder& ChunkBuilder::Command(const std::vector<std::string>& arguments) {
  std::string text;
  for (const std::string& argument : arguments) text.append(argument.c_str(), argument.size() + 1);
  return Append([&](uint8_t* out) { return PutCommand(out, text.data(), text.size()); });
}

ChunkBuilder& ChunkBuilder::Raw(std::string_view bytes) {
  records_ += bytes;
  return *this;
}

std::string ChunkBuilder::Bytes() const {
  ChunkHeader header = {};
  header.magic = kChunkMagic;
  header.number = number_;
  header.used = static_cast<uint32_t>(sizeof(header) + records_.size());
  header.base_time_ns = base_time_ns_;
  std::string bytes(sizeof(header), '\0');
  memcpy(bytes.data(), &header, sizeof(header));
  bytes += records_;
  bytes.resize(kChunkBytes);
  return bytes;
}

CaptureHeader TestHeader() {
  CaptureHeader header = {};
  memcpy(header.magic, kMagic, sizeof(kMagic));
  header.version = kFormatVersion;
  header.kind = FileKind::kCapture;
  header.chunk_bytes = kChunkBytes;
  header.pid = 42;
  header.parent_pid = 41;
  header.end_state = EndState::kExited;
  header.interval_bytes = 1;
  header.start_monotonic_ns = 1000;
  header.start_realtime_ns = 1'700'000'000'000'000'000;
  header.end_monotonic_ns = 1'001'000;
  return header;
}

std::string CaptureBytes(const CaptureHeader& header, const std::vector<ChunkBuilder>& chunks) {
  std::string bytes(kCaptureHeaderBytes, '\0');
  memcpy(bytes.data(), &header, sizeof(header));
  for (const ChunkBuilder& chunk : chunks) bytes += chunk.Bytes();
  return bytes;
}

}  // namespace heapcrest
