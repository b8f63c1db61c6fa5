#include "viewer/profile_writer.h"

#include <cstring>

#include "profiler/format/capture_format.h"
#include "viewer/output_file.h"
#include "viewer/profile_block.h"
#include "viewer/profile_events.h"
#include "viewer/profile_facts.h"
#include "viewer/profile_resident.h"
#include "viewer/profile_tables.h"

namespace heapcrest {
namespace {

// A profile in the making.
class ProfileContent {
 public:
  ProfileContent() {
    content_.assign(kMagic, sizeof(kMagic));
    const auto kind = static_cast<uint32_t>(FileKind::kProfile);
    for (const uint32_t number : {kFormatVersion, kind}) {
      content_.append(reinterpret_cast<const char*>(&number), sizeof(number));
    }
  }

  void Add(BlockType type, uint32_t process, std::string_view raw) {
    const std::string block = PackBlock(type, process, raw);
    BlockHeader header;
    memcpy(&header, block.data(), sizeof(header));
    header_hash_ = HashHeader(header_hash_, header);
    content_ += block;
    ++blocks_;
  }

  const std::string& Finish() {
    const EndContent end = {blocks_, content_.size(), header_hash_};
    char bytes[sizeof(end)];
    memcpy(bytes, &end, sizeof(end));
    Add(BlockType::kEnd, kWholeRecording, {bytes, sizeof(bytes)});
    return content_;
  }

 private:
  std::string content_;
  uint64_t blocks_ = 0;
  uint64_t header_hash_ = kHashOfNothing;
};

}  // namespace

absl::Status WriteProfile(const Recording& recording, const std::string& path) {
  ProfileContent profile;
  profile.Add(BlockType::kFacts, kWholeRecording, EncodeFacts(recording));
  profile.Add(BlockType::kStrings, kWholeRecording, EncodeStrings(recording.strings));
  profile.Add(BlockType::kFrames, kWholeRecording, EncodeFrames(recording));
  if (!recording.source.empty()) {
    profile.Add(BlockType::kSource, kWholeRecording, EncodeSource(recording));
  }
  for (uint32_t i = 0; i < recording.processes.size(); ++i) {
    const Process& process = recording.processes[i];
    profile.Add(BlockType::kLocations, i, EncodeLocations(process));
    profile.Add(BlockType::kStacks, i, EncodeStacks(process));
    for (const std::string& events : EncodeEvents(process)) {
      profile.Add(BlockType::kEvents, i, events);
    }
    if (!process.counts.points.empty()) {
      profile.Add(BlockType::kCounts, i, EncodeCounts(process.counts));
    }
    if (!process.resident.points.empty()) {
      profile.Add(BlockType::kResident, i, EncodeResident(process.resident));
    }
  }
  return WriteWhole(path, profile.Finish(), OutputKind::kProfile);
}

}  // namespace heapcrest
