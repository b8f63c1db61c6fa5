// Numbers as people read them: decimal units, few digits; and the units of time.
//
// Thread-safe: pure functions.
#pragma once

#include <cstdint>
#include <string>

namespace heapcrest {

std::string FormatBytes(int64_t bytes);      // 999 B, 1.0 kB, 28.0 MB, 3.10 GB, 1.25 TB
std::string FormatCount(int64_t count);      // 1,000,042
std::string FormatSeconds(double seconds);   // 0.034 s, 2.10 s, 12.3 s, 4 min 05 s, 3 h 12 min
std::string FormatDuration(double seconds);  // under 1 µs, 412 µs, 1.1 ms, then as above
std::string FormatPercent(double fraction);  // 0.25: 25.0 %

inline constexpr uint64_t kNanosecondsPerSecond = 1'000'000'000, kNanosecondsPerMicrosecond = 1000;
inline constexpr double kMicrosecondsPerSecond = 1e6;

// Of a time: to the microsecond, which is what a profile keeps. A quotient, unlike a product with
// 1e-6, prints as few digits as it has.
double SecondsOf(uint64_t nanoseconds);

// `part` of `whole`, 0 if there is no whole.
double Share(int64_t part, int64_t whole);

}  // namespace heapcrest
