// Writes the report: one HTML file that shows who held the memory, needs nothing else, and asks the
// network for nothing. It opens from a disk, a mail or the artifacts of a CI run.
//
// The file holds the page's script and style (viewer/page/), the recording as compressed columns
// (viewer/report/page_data.h), and a plain body for readers without scripts.
//
// Thread-safe: pure functions.
#pragma once

#include <cstdint>
#include <string>

#include "viewer/recording.h"

namespace heapcrest {

inline constexpr uint64_t kDefaultPageMegabytes = 16;
inline constexpr uint64_t kMaxPageMegabytes = 1000;

struct ReportOptions {
  std::string version = {};  // of heapcrest, for the page's small print
  // About how large the page may become: the frames that hold least are then folded into boxes
  // that count them, and the page says so.
  uint64_t page_megabytes = kDefaultPageMegabytes;
};

// REQUIRES: at least one process.
std::string RenderReport(const Recording& recording, const ReportOptions& options);

}  // namespace heapcrest
