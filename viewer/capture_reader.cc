#include "viewer/capture_reader.h"

#include <algorithm>
#include <cstring>
#include <memory>

#include "profiler/format/capture_format.h"
#include "viewer/record_decoder.h"
#include "viewer/units.h"
#include "viewer/weight.h"

namespace heapcrest {
namespace {

void TakeHeader(const CaptureHeader& header, Process* process) {
  process->pid = header.pid;
  process->parent_pid = header.parent_pid;
  process->interval_bytes = header.interval_bytes;
  process->start_monotonic_ns = header.start_monotonic_ns;
  process->start_realtime_ns = header.start_realtime_ns;
  process->stop_errno = header.stop_errno;
  process->lost_records = header.lost_records;
  process->has_own_malloc = header.has_own_malloc != 0;
  process->sizes_tell = header.sizes_tell != 0;
  if (header.end_state == EndState::kExited) {
    // What a parent sees of it.
    process->exit = {Exit::Kind::kExited, static_cast<int>(header.exit_status & 0xff)};
  } else if (header.end_state == EndState::kExeced) {
    process->exit = {Exit::Kind::kExeced};
  }
}

// Reads the chunks of one file one after the other.
class ChunkReader {
 public:
  ChunkReader(const InputFile& file, Process* process) : file_(file), decoder_(process) {}

  absl::Status ReadAll(std::vector<std::string>* warnings) {
    uint64_t offset = kCaptureHeaderBytes;
    for (uint32_t chunk = 0; offset < file_.size(); ++chunk, offset += kChunkBytes) {
      if (absl::Status status = ReadChunk(chunk, offset); !status.ok()) return status;
    }
    if (is_cut_) {
      warnings->push_back(file_.path() + ": byte " + std::to_string(cut_offset_) +
                          ": is cut short; what came before is shown");
    }
    const RecordDecoder::Loose loose = decoder_.Finish();
    if (loose.stacks != 0) {
      warnings->push_back(file_.path() + ": " + FormatCount(static_cast<int64_t>(loose.stacks)) +
                          " samples have lost their call stack");
    }
    if (loose.frees != 0) {
      warnings->push_back(file_.path() + ": " + FormatCount(static_cast<int64_t>(loose.frees)) +
                          " frees of unknown allocations are ignored");
    }
    return absl::OkStatus();
  }

  uint64_t last_time_ns() const { return decoder_.last_time_ns(); }

 private:
  absl::Status ReadChunk(uint32_t chunk, uint64_t offset) {
    // The header first: most of a file may be chunks that were reserved and never used.
    ChunkHeader header;
    absl::StatusOr<size_t> count = file_.Read(offset, &header, sizeof(header));
    if (!count.ok()) return count.status();
    if (*count < sizeof(header)) return Cut(offset + *count);
    if (header.magic == 0) return absl::OkStatus();
    if (header.magic != kChunkMagic || header.number != chunk) {
      return file_.Damage(offset, "here chunk " + std::to_string(chunk) + " should begin");
    }
    if (header.used < sizeof(header) || header.used > kChunkBytes) {
      return file_.Damage(offset + offsetof(ChunkHeader, used),
                          "a chunk cannot hold " + std::to_string(header.used) + " bytes");
    }
    const uint64_t begin = offset + sizeof(header);
    const size_t expected = header.used - sizeof(header);
    count = file_.Read(begin, bytes_.get(), expected);
    if (!count.ok()) return count.status();
    absl::Status status = Decode(chunk, header.base_time_ns, begin, *count);
    return status.ok() && *count < expected ? Cut(begin + *count) : status;
  }

  absl::Status Decode(uint32_t chunk, uint64_t base_time_ns, uint64_t begin, size_t count) {
    size_t decoded = 0;
    const RecordDecoder::Result result =
        decoder_.DecodeChunk(chunk, base_time_ns, {bytes_.get(), count}, &decoded);
    if (result == RecordDecoder::Result::kDamaged) {
      return file_.Damage(begin + decoded, "no sense can be made of this record");
    }
    return result == RecordDecoder::Result::kCut ? Cut(begin + decoded) : absl::OkStatus();
  }

  absl::Status Cut(uint64_t offset) {
    if (!is_cut_) cut_offset_ = offset;
    is_cut_ = true;
    return absl::OkStatus();
  }

  const InputFile& file_;
  RecordDecoder decoder_;
  const std::unique_ptr<uint8_t[]> bytes_ = std::make_unique<uint8_t[]>(kChunkBytes);
  bool is_cut_ = false;
  uint64_t cut_offset_ = 0;
};

}  // namespace

absl::StatusOr<Process> ReadCapture(const InputFile& file, std::vector<std::string>* warnings) {
  CaptureHeader header;
  const absl::StatusOr<size_t> count = file.Read(0, &header, sizeof(header));
  if (!count.ok()) return count.status();
  if (*count < sizeof(header)) {
    return file.Damage(
        *count, "the file ends within its first " + std::to_string(sizeof(header)) + " bytes");
  }
  if (header.chunk_bytes != kChunkBytes) {
    return file.Damage(offsetof(CaptureHeader, chunk_bytes),
                       "chunks of " + std::to_string(header.chunk_bytes) + " bytes do not exist");
  }
  Process process;
  TakeHeader(header, &process);
  ChunkReader chunks(file, &process);
  if (absl::Status status = chunks.ReadAll(warnings); !status.ok()) return status;
  if (const uint32_t version = process.unknown_python; version != 0) {
    warnings->push_back("process " + std::to_string(process.pid) + " runs Python " +
                        std::to_string(version >> 24) + "." + std::to_string(version >> 16 & 0xff) +
                        ", whose frames heapcrest cannot read (3.8 to 3.14): native frames only");
  }
  const uint64_t end = std::max(header.end_monotonic_ns, chunks.last_time_ns());
  process.duration_ns = end - std::min(end, process.start_monotonic_ns);
  if (!WeightsAddUp(process)) {
    return file.Damage(kCaptureHeaderBytes, "the sizes of all allocations cannot be added up");
  }
  return process;
}

}  // namespace heapcrest
