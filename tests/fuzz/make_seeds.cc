// Writes the seeds of the corpus into the folder that is named: small captures and profiles, whole,
// cut and damaged. Run by hand when a format changes; its output is committed.

#include <cstdio>
#include <cstring>
#include <filesystem>
#include <string>

#include "tests/viewer/capture_builder.h"
#include "tests/viewer/recording_builder.h"
#include "tests/viewer/temporary_folder.h"
#include "viewer/input_file.h"
#include "viewer/profile_block.h"
#include "viewer/profile_writer.h"

namespace heapcrest {
namespace {

ChunkBuilder BusyChunk() {
  ChunkBuilder chunk(0, 2000);
  chunk.Command({"/bin/app", "app", "\xff"}).Thread(0, 7, "main");
  chunk.Mapping(0x1000, 0x9000, 0x1000, "/bin/app").Stack(1, {0x1010, 0x2020, 0x3030});
  const uint64_t first = chunk.Allocation(10, 100, 1);
  chunk.Stack(2, {0x1010, 0x2020, 0x4040}).Stack(3, {0x1010, 0x5050}, 1, 90'000, 1);
  chunk.Allocation(10, 5000, 2);
  chunk.Free(10, first).Thread(1, 8, "worker");
  chunk.Allocation(1000, 70'000, 3);
  chunk.Allocation(0, 1, 99);
  chunk.Free(0, first).Raw(std::string("\x63\x02zz", 4));
  const uint64_t object = chunk.Allocation(10, 28, 1, 5, Domain::kPythonObject, 4);
  ObjectCounts objects;
  objects[1] = {3000, 28 * 3000};
  chunk.ObjectCounts(0, objects).LiveObjects(0, {3000, 96'000}).Counts(0, {20, 80'000, 3, 76'000});
  chunk.Free(10, object).LiveObjects(0, {-2000, -64'000}).Counts(0, {0, 0, 10, -9000});
  chunk.TypeName(4, "int").Type(MakeSampleId(0, 1), 4).Type(MakeSampleId(0, 3), 5).Type(first, 4);
  return chunk;
}

std::string Capture() {
  CaptureHeader header = TestHeader();
  header.interval_bytes = 65536;
  const ChunkBuilder chunk = BusyChunk();
  std::string bytes = CaptureBytes(header, {chunk});
  bytes.resize(kCaptureHeaderBytes + sizeof(ChunkHeader) + chunk.records().size());
  return bytes;
}

std::string Profile(const Recording& recording) {
  const TemporaryFolder folder;
  if (!WriteProfile(recording, folder / "p").ok()) return "";
  return FileContent(folder / "p");
}

// With contents that a fuzzer can change: no compression, no checksum.
std::string Unpacked(const std::string& profile) {
  std::string unpacked = profile.substr(0, kCommonHeaderBytes);
  for (size_t at = kCommonHeaderBytes; at < profile.size();) {
    BlockHeader header;
    memcpy(&header, profile.data() + at, sizeof(header));
    at += sizeof(header);
    const std::string raw = *UnpackBlock(header, profile.substr(at, header.stored_bytes));
    at += header.stored_bytes;
    if (header.type == BlockType::kEnd) break;
    header.codec = Codec::kStored;
    header.stored_bytes = raw.size();
    unpacked.append(reinterpret_cast<const char*>(&header), sizeof(header));
    unpacked += raw;
  }
  return unpacked;
}

Recording Small() {
  return RecordingBuilder()
      .Sample({"main", "a@b"}, 8, 1000, 5000)
      .Sample({"main", "...3"}, 16, 2000)
      .Build();
}

void WriteSeeds(const std::string& folder) {
  const auto write = [&](const std::string& name, const std::string& bytes) {
    std::ofstream(folder + "/" + name, std::ios::binary) << bytes;
  };
  std::filesystem::create_directories(folder + "/reader");
  std::filesystem::create_directories(folder + "/record_decoder");
  write("record_decoder/busy", BusyChunk().records() + BusyChunk().records());
  write("record_decoder/cut", BusyChunk().records().substr(0, 90));
  write("reader/capture", Capture());
  write("reader/capture-cut", Capture().substr(0, kCaptureHeaderBytes + 130));
  write("reader/capture-header-only", Capture().substr(0, sizeof(CaptureHeader)));
  std::string damaged = Capture();
  damaged[kCaptureHeaderBytes + 9] = 0x7f;
  write("reader/capture-damaged", damaged);
  for (uint64_t seed = 1; seed <= 4; ++seed) {
    const std::string profile = Profile(RandomRecording(seed));
    write("reader/profile-" + std::to_string(seed), profile);
    write("reader/profile-unpacked-" + std::to_string(seed), Unpacked(profile));
  }
  const std::string small = Profile(Small());
  write("reader/profile-small", small);
  write("reader/profile-small-unpacked", Unpacked(small));
  write("reader/profile-cut", small.substr(0, small.size() - 40));
  damaged = small;
  damaged[small.size() / 2] ^= 0x20;
  write("reader/profile-damaged", damaged);
  damaged = small;
  damaged[8] = 99;
  write("reader/profile-newer", damaged);
}

}  // namespace
}  // namespace heapcrest

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: make_seeds FOLDER\n");
    return 2;
  }
  heapcrest::WriteSeeds(argv[1]);
  return 0;
}
