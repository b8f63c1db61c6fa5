// The flamegraph of the peak as plain SVG, for readers whose browser runs no scripts: the heaviest
// frames, what else there is in boxes that say how much. Presentation attributes only, because
// strict pages (Jenkins) block <style> and style=.
//
// Thread-safe: pure functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "viewer/call_tree.h"
#include "viewer/recording.h"

namespace heapcrest {

inline constexpr size_t kMaxStaticBoxes = 400;

// Empty if nothing was live at the peak.
std::string StaticFlamegraph(const Recording& recording, const CallTree& tree);

// What a narrow box or a table says of a function: template arguments, parameters and return type
// left out. viewer/page/names.js is the thorough one.
std::string ShortFunction(std::string_view function);

}  // namespace heapcrest
