// Whatever stands in a file, reading it ends in a recording or in an error that names the file.
// A recording can be shown in every form, with the same total, and kept as a profile that says the
// same again.

#include <cstdint>
#include <cstdlib>
#include <string>

#include "tests/viewer/temporary_folder.h"
#include "viewer/address_names.h"
#include "viewer/folded.h"
#include "viewer/peak.h"
#include "viewer/profile_writer.h"
#include "viewer/reader.h"
#include "viewer/summary_json.h"
#include "viewer/summary_markdown.h"
#include "viewer/summary_text.h"

namespace heapcrest {
namespace {

std::string Show(const Recording& recording) {
  const Summary summary = Summarize(recording);
  for (const Process& process : recording.processes) {
    const Peak peak = FindPeak(process);
    const CallTree tree = BuildCallTree(recording, process, peak);
    for (size_t view = 0; view < kViewCount; ++view) {
      if (tree.nodes[0].total[view].bytes != peak.total[view].bytes) abort();
    }
    FoldedStacks(recording, tree, View::kAllocated);
  }
  return SummaryJson(recording, summary, 5) + SummaryText(recording, summary, 5) +
         SummaryMarkdown(recording, summary, 5);
}

void Read(std::string_view bytes) {
  static const TemporaryFolder folder;
  const std::string path = folder.Write("input", bytes);
  absl::StatusOr<Recording> recording = ReadRecording(path);
  if (!recording.ok()) {
    if (recording.status().message().find("input") == absl::string_view::npos) abort();
    return;
  }
  if (recording->processes.empty()) abort();
  NameByAddress(&*recording);  // as a profile's reader does where a capture has no symbols
  const std::string shown = Show(*recording);
  if (!WriteProfile(*recording, folder / "profile").ok()) abort();
  const absl::StatusOr<Recording> again = ReadRecording(folder / "profile");
  if (!again.ok()) abort();
  if (Show(*again) != shown) abort();
}

}  // namespace
}  // namespace heapcrest

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  heapcrest::Read({reinterpret_cast<const char*>(data), size});
  return 0;
}
