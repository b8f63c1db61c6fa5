// The first picture of a large page: what a window shows of the main process at its peak, there
// before all the rest is opened. Its boxes and its sums are those of the whole.
//
//   texts, frames, weights (frame_table.h), no weight · the process (process_columns.h), its tree
//   folded and without groups: what nodes hold stands in the changes
//
// viewer/page/profile.js opens it.
//
// Thread-safe: a pure function.
#pragma once

#include <nlohmann/json.hpp>

#include "viewer/recording.h"
#include "viewer/report/frame_table.h"
#include "viewer/report/packer.h"
#include "viewer/report/page_data.h"

namespace heapcrest {

// `top` is the index's, of the main process: the frames that it names are there, too.
void WritePreview(const Recording& recording, const PageData& page, const nlohmann::json& top,
                  const FrameTable& frames, Packer* out);

}  // namespace heapcrest
