// The data of a page: blocks of deflated columns, each in a <script> element of a type that no
// browser runs.
//
//   heapcrest-index     JSON: the processes, largest peak first, and where each one's columns are
//   heapcrest-preview   of a large page: its first picture (preview.h)
//   heapcrest-shared    texts, frames, weights (frame_table.h)
//   heapcrest-trees-N   the columns of some processes (process_columns.h), opened when asked for
//
// Not thread-safe.
#pragma once

#include <cstdint>
#include <string>

#include "viewer/recording.h"
#include "viewer/summary.h"

namespace heapcrest {

struct PageData {
  Summary summary;     // with the lines of the main process
  CallTree main_tree;  // the main process's
  Peak main_peak;
  std::string blocks;  // markup
};

// The page may take about `max_megabytes`: beyond, the trees are cut (page_tree.h), and the
// processes' warnings in the result's summary say so. REQUIRES: at least one process.
PageData WritePageData(const Recording& recording, uint64_t max_megabytes);

}  // namespace heapcrest
