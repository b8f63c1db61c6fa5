#include "tests/profiler/folds.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>

#include "profiler/format/capture_format.h"
#include "profiler/format/varint.h"

namespace heapcrest {
namespace {

template <typename OnRecord>
void ForEachRecord(const char* path, OnRecord on_record) {
  const int file = open(path, O_RDONLY | O_CLOEXEC);
  struct stat status = {};
  fstat(file, &status);
  const auto bytes = static_cast<size_t>(status.st_size);
  auto* data = static_cast<uint8_t*>(mmap(nullptr, bytes, PROT_READ, MAP_SHARED, file, 0));
  for (size_t at = kCaptureHeaderBytes; at + kChunkBytes <= bytes; at += kChunkBytes) {
    ChunkHeader header;
    memcpy(&header, data + at, sizeof(header));
    if (header.magic != kChunkMagic) continue;
    const uint8_t* record = data + at + sizeof(header);
    const uint8_t* end = data + at + header.used;
    uint64_t time = header.base_time_ns;
    while (record < end) {
      const auto kind = static_cast<RecordKind>(*record++);
      uint64_t length = 0, delta = 0;
      GetVarint(&record, end, &length);
      const uint8_t* next = record + length;
      const bool has_time = kind == RecordKind::kAllocation || kind == RecordKind::kFree ||
                            kind == RecordKind::kChildEnd || kind == RecordKind::kCounts;
      if (has_time) GetVarint(&record, next, &delta);
      time += delta;
      on_record(kind, time, record, next);
      record = next;
    }
  }
  munmap(data, bytes);
  close(file);
}

}  // namespace

Totals operator-(const Totals& a, const Totals& b) {
  return {a.allocated - b.allocated, a.requested - b.requested, a.freed - b.freed, a.live - b.live};
}

void PrintTo(const Totals& totals, std::ostream* out) {
  *out << totals.allocated << " blocks of " << totals.requested << " bytes, " << totals.freed
       << " freed, " << totals.live << " bytes live";
}

Totals ReadFolds(const char* capture, std::span<Fold> folds, size_t* count) {
  Totals totals;
  *count = 0;
  ForEachRecord(capture, [&](RecordKind kind, uint64_t time, const uint8_t* at,
                             const uint8_t* end) {
    if (kind != RecordKind::kCounts) return;
    uint64_t fields[4] = {};
    for (uint64_t& field : fields) GetVarint(&at, end, &field);
    const auto live = static_cast<int64_t>(fields[3] >> 1) ^ -static_cast<int64_t>(fields[3] & 1);
    totals.allocated += static_cast<int64_t>(fields[0]);
    totals.requested += static_cast<int64_t>(fields[1]);
    totals.freed += static_cast<int64_t>(fields[2]);
    totals.live += live;
    if (*count < folds.size()) folds[(*count)++] = {time, live};
  });
  return totals;
}

int CountRecords(const char* capture, RecordKind kind) {
  int count = 0;
  ForEachRecord(capture, [&](RecordKind each, uint64_t, const uint8_t*, const uint8_t*) {
    if (each == kind) ++count;
  });
  return count;
}

}  // namespace heapcrest
