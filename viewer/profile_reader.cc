#include "viewer/profile_reader.h"

#include <cstring>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "viewer/profile_block.h"
#include "viewer/profile_events.h"
#include "viewer/profile_facts.h"
#include "viewer/profile_resident.h"
#include "viewer/profile_tables.h"
#include "viewer/units.h"
#include "viewer/weight.h"

namespace heapcrest {
namespace {

// Reads the blocks of one file one after the other.
class BlockReader {
 public:
  explicit BlockReader(const InputFile& file) : file_(file) {}

  absl::StatusOr<Recording> ReadAll() {
    while (!is_at_end_) {
      BlockHeader header;
      const absl::StatusOr<size_t> count = file_.Read(offset_, &header, sizeof(header));
      if (!count.ok()) return count.status();
      if (*count < sizeof(header) || offset_ + sizeof(header) > file_.size() ||
          header.stored_bytes > file_.size() - offset_ - sizeof(header)) {
        if (absl::Status status = NoteCut(); !status.ok()) return status;
        break;
      }
      if (absl::Status status = ReadBlock(header); !status.ok()) return status;
      offset_ += sizeof(header) + header.stored_bytes;
      ++blocks_;
      header_hash_ = HashHeader(header_hash_, header);
    }
    if (absl::Status status = CheckWhole(); !status.ok()) return status;
    return std::move(recording_);
  }

 private:
  absl::Status NoteCut() {
    size_t samples = 0;
    for (const Process& process : recording_.processes) samples += process.samples.size();
    if (samples == 0) {
      return file_.Damage(offset_, "the file was cut here, before anything that could be shown");
    }
    recording_.warnings.push_back(file_.path() + ": byte " + std::to_string(offset_) +
                                  ": the file was cut here: only its first " +
                                  FormatCount(static_cast<int64_t>(samples)) +
                                  " samples are shown, and figures may be too low");
    return absl::OkStatus();
  }

  absl::Status ReadBlock(const BlockHeader& header) {
    if (header.type < BlockType::kFacts || header.type > BlockType::kResident)
      return absl::OkStatus();
    if (!HasHonestSizes(header)) return Damage("a block cannot have these sizes");
    std::string stored(header.stored_bytes, '\0');
    const absl::StatusOr<size_t> count =
        file_.Read(offset_ + sizeof(header), stored.data(), stored.size());
    if (!count.ok()) return count.status();
    if (*count < stored.size()) return Damage("the file became shorter while it was read");
    const std::optional<std::string> raw = UnpackBlock(header, stored);
    if (!raw) return Damage("a block cannot be unpacked");
    if (!Decode(header, *raw)) return Damage("no sense can be made of a block");
    return absl::OkStatus();
  }

  bool Decode(const BlockHeader& header, const std::string& raw) {
    switch (header.type) {
      case BlockType::kFacts:
        return DecodeProcesses(raw);
      case BlockType::kStrings:
        return DecodeStrings(raw, &recording_.strings);
      case BlockType::kFrames:
        return DecodeFrames(raw, &recording_);
      case BlockType::kSource:
        return DecodeSource(raw, &recording_);
      case BlockType::kEnd:
        return DecodeEnd(raw);
      default:
        break;
    }
    if (header.process >= recording_.processes.size()) return false;
    Process& process = recording_.processes[header.process];
    switch (header.type) {
      case BlockType::kLocations:
        return DecodeLocations(raw, recording_, &process);
      case BlockType::kStacks:
        return DecodeStacks(raw, &process);
      case BlockType::kCounts:
        return DecodeCounts(raw, &process);
      case BlockType::kResident:
        return DecodeResident(raw, &process.resident);
      default:
        return events_[header.process].Decode(raw);
    }
  }

  bool DecodeProcesses(const std::string& raw) {
    if (!recording_.processes.empty() || !DecodeFacts(raw, &recording_)) return false;
    for (Process& process : recording_.processes) {
      if (process.threads.empty()) process.threads.emplace_back();
      events_.emplace_back(&process);
    }
    return !recording_.processes.empty();
  }

  bool DecodeEnd(const std::string& raw) {
    EndContent end;
    if (raw.size() < sizeof(end)) return false;
    memcpy(&end, raw.data(), sizeof(end));
    is_at_end_ = true;
    return end.blocks == blocks_ && end.bytes == offset_ && end.header_hash == header_hash_;
  }

  // What a single block cannot know.
  absl::Status CheckWhole() {
    const uint32_t lost = recording_.lost_stack_frame;
    const bool has_unsampled = recording_.not_sampled_frame < recording_.frames.size();
    bool makes_sense = !recording_.processes.empty();
    for (Process& process : recording_.processes) {
      if (!process.counts.points.empty() && !has_unsampled) makes_sense = false;
      if (process.stacks.empty()) process.stacks.emplace_back();
      for (size_t i = 1; i < process.stacks.size(); ++i) {
        const StackNode& stack = process.stacks[i];
        const bool is_lost = stack.location == kNone && stack.omitted == 0;
        if (is_lost && lost >= recording_.frames.size()) makes_sense = false;
      }
      makes_sense = makes_sense && WeightsAddUp(process);
    }
    return makes_sense ? absl::OkStatus() : Damage("what is recorded does not add up");
  }

  absl::Status Damage(const std::string& what) const { return file_.Damage(offset_, what); }

  const InputFile& file_;
  Recording recording_;
  std::vector<EventDecoder> events_;  // by process
  uint64_t offset_ = kCommonHeaderBytes;
  uint64_t blocks_ = 0;
  uint64_t header_hash_ = kHashOfNothing;
  bool is_at_end_ = false;
};

}  // namespace

absl::StatusOr<Recording> ReadProfile(const InputFile& file) { return BlockReader(file).ReadAll(); }

}  // namespace heapcrest
