#include "viewer/units.h"

#include <array>
#include <cmath>
#include <cstdio>

namespace heapcrest {
namespace {

template <typename... Values>
std::string Format(const char* format, Values... values) {
  std::array<char, 64> text;
  std::snprintf(text.data(), text.size(), format, values...);
  return text.data();
}

}  // namespace

std::string FormatBytes(int64_t bytes) {
  constexpr std::array kUnits = {"kB", "MB", "GB", "TB", "PB", "EB"};
  auto value = static_cast<double>(bytes);
  if (std::fabs(value) < 1000) return Format("%.0f B", value);
  size_t unit = 0;
  // The bound is what would round up to four digits: 999,950 is 1.0 MB, not 1000.0 kB.
  for (value /= 1000; std::fabs(value) >= (unit < 2 ? 999.95 : 999.995) && unit + 1 < kUnits.size();
       ++unit) {
    value /= 1000;
  }
  return Format(unit < 2 ? "%.1f %s" : "%.2f %s", value, kUnits[unit]);
}

std::string FormatCount(int64_t count) {
  std::string text = std::to_string(count);
  const size_t first_digit = count < 0 ? 1 : 0;
  for (size_t i = text.size(); i > first_digit + 3;) text.insert(i -= 3, 1, ',');
  return text;
}

std::string FormatSeconds(double seconds) {
  if (seconds < 0.9995) return Format("%.3f s", seconds);
  if (seconds < 9.995) return Format("%.2f s", seconds);
  if (seconds < 59.95) return Format("%.1f s", seconds);
  const auto whole = static_cast<int64_t>(std::llround(seconds));
  const auto minutes = static_cast<long long>(whole / 60);
  if (whole < 3600) return Format("%lld min %02d s", minutes, static_cast<int>(whole % 60));
  return Format("%lld h %02d min", minutes / 60, static_cast<int>(minutes % 60));
}

std::string FormatDuration(double seconds) {
  if (seconds < 0.5e-6) return "under 1 µs";
  if (seconds < 0.9995e-3) return Format("%.0f µs", seconds * 1e6);
  if (seconds < 0.99995) return Format("%.1f ms", seconds * 1e3);
  return FormatSeconds(seconds);
}

std::string FormatPercent(double fraction) { return Format("%.1f %%", fraction * 100); }

double SecondsOf(uint64_t nanoseconds) {
  const uint64_t microseconds = nanoseconds / kNanosecondsPerMicrosecond;  // whole ones
  return static_cast<double>(microseconds) / kMicrosecondsPerSecond;
}

double Share(int64_t part, int64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace heapcrest
