// What made the peak, and what was freed again at once, as sentences. All outputs show the same.
//
// Names in them are printable and short, but may hold signs that an output has to escape.
//
// Thread-safe: pure functions.
#pragma once

#include <string>
#include <vector>

#include "viewer/summary.h"

namespace heapcrest {

// "12.1 MB of the peak came in the last 310.0 ms before it: 8.0 MB in Grow main.cc:30". Lines that
// are mostly noise, and small ones, are left out. Empty: there is no peak.
std::string GrowthText(const Recording& recording, const Summary& summary);

// "4.2 MB of the peak is an old block beside its copy of 8.4 MB, for 1.1 ms, in Grow main.cc:30",
// for each copy.
std::vector<std::string> CopyTexts(const Recording& recording, const Summary& summary);

// "Imports hold 12.1 MB of the peak: numpy 11.6 MB, json 0.4 MB", with those that hold much of it.
// Empty: there are none, or they hold next to nothing.
std::string ImportsText(const Summary& summary);

// All of the above that there is, in this order.
std::vector<std::string> PeakTexts(const Recording& recording, const Summary& summary);

// "120.5 MB in 1,000 allocations, freed after 12 µs: Parse app/main.cc:7", for each of the lines
// that allocated most of what was freed again at once, if it is much of all that was allocated.
std::vector<std::string> TemporaryTexts(const Recording& recording, const Summary& summary);

// "Freed again within 1.0 ms: 120.5 MB, 61.0 % of all that was allocated": what stands above them.
std::string TemporaryHeading(const Summary& summary);

// "8.0 MB in 1,000 allocations: Load app/main.cc:7", for each of the lines that held most at the
// end, if that is much, and another picture than the peak.
std::vector<std::string> LeftTexts(const Recording& recording, const Summary& summary);

// "Live at the end: 9.9 MB, 61.0 % of the peak": what stands above them.
std::string LeftHeading(const Summary& summary);

// "14.0 ms old at the peak (median)": half of the bytes that the line held at the peak were at
// least as old. Empty where it held none.
std::string AgeText(const LineSummary& line);

// "999,743 × int, 32.0 MB; 1,024 × str, 98.7 kB": of Python's objects that the line held, the types
// with much of it. Empty: none is known.
std::string TypesText(const Recording& recording, const LineSummary& line);

// Everything that is known of why a process's memory was what it was, what else it had in RAM
// included: a sentence a line. `process`: its number in `summary`.
std::string WhyText(const Recording& recording, const Summary& summary, size_t process);

}  // namespace heapcrest
