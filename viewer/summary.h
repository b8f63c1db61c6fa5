// The figures of a recording that every output shows: one truth for text, JSON, Markdown and page.
//
// Thread-safe: pure functions.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "viewer/call_tree.h"
#include "viewer/callers.h"
#include "viewer/copies.h"
#include "viewer/growth.h"
#include "viewer/imports.h"
#include "viewer/lifetimes.h"
#include "viewer/line_types.h"
#include "viewer/peak.h"
#include "viewer/reconciliation.h"
#include "viewer/recording.h"

namespace heapcrest {

// What the allocations of one source line (function, file, line, module) hold at the peak. What the
// standard library allocates is credited to the line that called it, if there is one.
struct LineSummary {
  uint32_t frame = kNone;  // index into Recording::frames; kNone: frames left out of a deep stack
  Amount self;             // allocated by the line, or by the standard library for it
  Amount total;            // and by what it called; recursion counts once
  Amount end;              // as `self`, at the end
  Amount allocated;        // by the line, in the whole run
  Lifetimes lifetimes;     // of what it allocated
  std::vector<TypeHeld> types;  // of Python's objects in `self`, as far as they are known
  std::vector<Caller> callers;  // where the line holds a tenth of the peak or more (callers.h)
};

struct ProcessSummary {
  uint32_t process = 0;  // index into Recording::processes
  uint32_t pid = 0, parent_pid = 0;
  std::string command;  // one line, as a shell would take it; hostile text
  uint64_t interval_bytes = 0;
  uint64_t finest_interval_bytes = 0, last_interval_bytes = 0;  // of its samples
  size_t samples = 0;
  Amounts amounts;  // by View
  std::array<Precision, kViewCount> precision;
  double peak_seconds = 0;                 // since its start
  double duration_seconds = 0;             // of the process
  double start_seconds = 0;                // of the process, since the first process did
  std::optional<Reconciliation> resident;  // about when it held most in RAM
  std::string exit;                        // how it ended: "exit status 0"
  std::vector<std::string> warnings;       // what this recording lacks, in words
};

struct Summary {
  std::vector<ProcessSummary> processes;  // as in Recording::processes
  size_t main = 0;                        // largest peak, then lowest pid
  std::vector<LineSummary> lines;         // of the main process, most self bytes first
  Lifetimes lifetimes;                    // of all that the main process allocated,
  Growth growth;                          // what made its peak,
  std::vector<CopySpike> copies;          // what copying added to it,
  Imports imports;                        // and what imported Python modules hold of it
  std::vector<TypeHeld> types;            // of Python's objects, as far as they are known
  std::vector<std::string> warnings;      // of the recording

  const ProcessSummary& main_process() const { return processes[main]; }
  const Precision& precision() const { return main_process().precision[0]; }  // of the lines
};

// REQUIRES: at least one process. ReadRecording returns no recording without.
// Peaks are those of the span of each process.
Summary Summarize(const Recording& recording, const Span& span = {});

// The parts, for those who hold peak and tree already. Lines come without callers and lifetimes.
ProcessSummary SummarizeProcess(const Recording& recording, uint32_t process, const Peak& peak);
std::vector<LineSummary> RankLines(const Recording& recording, const CallTree& tree);

// What became of what the main process allocated, and what made its peak: `summary` has its lines.
void Explain(const Recording& recording, const Peak& peak, const CallTree& tree, Summary* summary);

// Whether `a` goes before `b`: the larger peak, then the lower pid.
bool IsMoreImportant(const ProcessSummary& a, const ProcessSummary& b);

// Whether the line holds a tenth of the peak or more: worth more words.
bool IsHeavy(const LineSummary& line, const Summary& summary);

// The `top` lines of which most was freed again at once, most first; those with anything.
std::vector<const LineSummary*> MostTemporary(const Summary& summary, size_t top);

// The `top` lines that held most at the end, most first; those that held anything.
std::vector<const LineSummary*> MostLeft(const Summary& summary, size_t top);

// What the lines behind the first `top` hold themselves, together.
Amount RestBehind(const Summary& summary, size_t top);

// How a line is called: its function; its place, "samples/boxed.cc:41", or else the module's name
// (nothing where the function's name, "libfoo.so+0x1234", has it already); a caller's function,
// without its parameters. Hostile text of any length.
std::string FunctionText(const Recording& recording, uint32_t frame);
std::string PlaceText(const Recording& recording, uint32_t frame);
inline std::string FunctionText(const Recording& recording, const LineSummary& line) {
  return FunctionText(recording, line.frame);
}
inline std::string PlaceText(const Recording& recording, const LineSummary& line) {
  return PlaceText(recording, line.frame);
}
std::string CallerText(const Recording& recording, const Caller& caller);

// "2,312 samples, one for every 4.1 kB allocated at first, every 65.5 kB later".
std::string SamplingText(const ProcessSummary& process);

// Half the width of the 95 % interval of a part of the peak: "±108.1 kB". Where it is nothing,
// "exact" if every allocation was recorded, else "≈ exact": small blocks may have gone by
// unsampled.
std::string ErrorText(const Amount& part, const ProcessSummary& process);

// "exit status 0", "killed by SIGKILL (out of memory)", ...
std::string ExitText(const Exit& exit);

}  // namespace heapcrest
