// The page as plain content: verdict, curve, flamegraph, top lines, other processes. What mail
// previews, printers and pages that may not run scripts show; the script puts itself in its place.
//
// Thread-safe: pure functions.
#pragma once

#include <string>

#include "viewer/recording.h"
#include "viewer/report/page_data.h"
#include "viewer/report/timeline.h"

namespace heapcrest {

std::string StaticBody(const Recording& recording, const PageData& page);

// Live bytes over time as SVG.
std::string StaticCurve(const Timeline& timeline, const ProcessSummary& process);

}  // namespace heapcrest
