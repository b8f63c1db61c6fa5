// Whatever stands in a chunk, the decoder neither crashes nor takes much memory, and what it makes
// of it is a process that the rest of the viewer can count.

#include <cstdint>
#include <cstdlib>
#include <span>

#include "viewer/address_names.h"
#include "viewer/call_tree.h"
#include "viewer/peak.h"
#include "viewer/record_decoder.h"
#include "viewer/recording.h"
#include "viewer/weight.h"

namespace heapcrest {
namespace {

void Decode(std::span<const uint8_t> bytes) {
  Recording recording;
  recording.lost_stack_frame = 0;
  recording.frames.emplace_back();
  Process process;
  process.interval_bytes = 4096;
  process.start_monotonic_ns = 100;
  RecordDecoder decoder(&process);
  size_t decoded = 0;
  // Two chunks, so that records can refer from one to the other.
  const size_t half = bytes.size() / 2;
  decoder.DecodeChunk(0, 100, bytes.first(half), &decoded);
  if (decoded > half) abort();
  decoder.DecodeChunk(1, 50, bytes.subspan(half), &decoded);
  if (decoded > bytes.size() - half) abort();
  decoder.Finish();
  if (!WeightsAddUp(process)) return;
  recording.processes.push_back(std::move(process));
  NameByAddress(&recording);
  const Process& p = recording.processes[0];
  const Peak peak = FindPeak(p);
  const CallTree tree = BuildCallTree(recording, p, peak);
  for (size_t view = 0; view < kViewCount; ++view) {
    if (tree.nodes[0].total[view].bytes != peak.total[view].bytes) abort();
  }
}

}  // namespace
}  // namespace heapcrest

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  heapcrest::Decode({data, size});
  return 0;
}
