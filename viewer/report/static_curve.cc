#include <algorithm>

#include "absl/strings/str_format.h"
#include "viewer/report/static_body.h"
#include "viewer/units.h"

namespace heapcrest {
namespace {

constexpr double kWidth = 1200;
constexpr double kHeight = 120;
constexpr double kTop = 18;  // room for the words at the peak

// One value for each cell, as steps, closed at the floor.
std::string Area(const Timeline& timeline, int64_t TimeCell::*value, double highest) {
  std::string path = absl::StrFormat("M0 %.1f", kTop + kHeight);
  const double step = kWidth / static_cast<double>(timeline.cells.size());
  for (size_t i = 0; i < timeline.cells.size(); ++i) {
    const double part = static_cast<double>(timeline.cells[i].*value) / highest;
    absl::StrAppendFormat(&path, "V%.1fH%.1f", kTop + kHeight * (1 - part),
                          static_cast<double>(i + 1) * step);
  }
  return path + absl::StrFormat("V%.1fZ", kTop + kHeight);
}

}  // namespace

std::string StaticCurve(const Timeline& timeline, const ProcessSummary& process) {
  int64_t highest = 1;
  for (const TimeCell& cell : timeline.cells) highest = std::max(highest, cell.highest_bytes);
  const auto area = [&](int64_t TimeCell::*value) {
    return Area(timeline, value, static_cast<double>(highest));
  };
  const double peak_x =
      kWidth * process.peak_seconds / (static_cast<double>(timeline.duration_ns) * 1e-9);
  const bool is_right = peak_x > kWidth / 2;
  return absl::StrFormat(
      "<svg width=\"100%%\" viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-label=\"Live bytes over "
      "time\" font-family=\"sans-serif\" font-size=\"12\"><path d=\"%s\" fill=\"#4f8fc0\" "
      "fill-opacity=\"0.3\"/><path d=\"%s\" fill=\"#4f8fc0\" fill-opacity=\"0.5\"/><line "
      "x1=\"%.1f\" x2=\"%.1f\" y1=\"%.0f\" y2=\"%.0f\" "
      "stroke=\"#c2410c\"/><text x=\"%.1f\" y=\"12\" text-anchor=\"%s\" "
      "fill=\"currentColor\">%s at %s</text></svg>\n",
      kWidth, kTop + kHeight + 2, area(&TimeCell::highest_bytes), area(&TimeCell::lowest_bytes),
      peak_x, peak_x, kTop - 4, kTop + kHeight, peak_x + (is_right ? -6 : 6),
      is_right ? "end" : "start", FormatBytes(process.amounts[0].bytes),
      FormatSeconds(process.peak_seconds));
}

}  // namespace heapcrest
