#include "viewer/summary_text.h"

#include <algorithm>
#include <cmath>

#include "viewer/command_line.h"
#include "viewer/explanation_text.h"
#include "viewer/function_name.h"
#include "viewer/hints.h"
#include "viewer/printable.h"
#include "viewer/units.h"

namespace heapcrest {
namespace {

constexpr size_t kMostCharacters = 100;  // of a name: one line of a terminal, about
constexpr size_t kMostCallerCharacters = 40;
constexpr size_t kMostProcesses = 3;  // others that are named

std::string Pad(const std::string& text, size_t width) {
  return std::string(width - std::min(width, CharacterCount(text)), ' ') + text;
}

std::string Allocations(const Amount& amount) {
  return FormatCount(amount.count()) + (amount.count() == 1 ? " allocation" : " allocations");
}

// The bytes of one view of a process.
std::string WithErrorBar(const ProcessSummary& process, View view) {
  const auto i = static_cast<size_t>(view);
  const int64_t error = std::llround(HalfWidth95(process.amounts[i], process.precision[i]));
  return FormatBytes(process.amounts[i].bytes) + (error == 0 ? "" : " ±" + FormatBytes(error));
}

std::string MeanSize(const Amount& amount) {
  const auto blocks = static_cast<double>(amount.count());
  return blocks == 0 ? "" : FormatBytes(std::llround(static_cast<double>(amount.bytes) / blocks));
}

std::string Overhead(const Amount& amount) {
  if (amount.overhead == 0 || amount.count() == 0) return "";
  return "Overhead:  malloc adds " + FormatBytes(amount.overhead) + ", on average " +
         FormatBytes(amount.overhead / amount.count()) + " to each allocation of " +
         MeanSize(amount) + "\n";
}

std::string Resident(const ProcessSummary& process) {
  if (!process.resident) return "";
  std::string text = "Resident:  ";
  size_t width = text.size();
  for (const std::string& words : InWords(*process.resident)) {
    if (width + words.size() > kMostCharacters) {
      text += "\n          ";
      width = 10;
    }
    text += words;
    width += words.size();
  }
  return text + "\n";
}

std::string Verdict(const ProcessSummary& process) {
  const auto& [peak, end, allocated] = process.amounts;
  std::string text = CommandWithin(process.command, kMostCharacters) + " (pid " +
                     std::to_string(process.pid) + ")\n";
  if (allocated.bytes == 0 && allocated.samples == 0) {
    text +=
        process.interval_bytes <= 1
            ? "No allocation was recorded.\n"
            : "No allocation was sampled: it allocates little (--interval 1 records all), or it "
              "starts\n           the real program with another LD_PRELOAD or environment.\n";
  } else {
    text += "Peak:      " + WithErrorBar(process, View::kPeak) + " live in " + Allocations(peak) +
            ", " + FormatSeconds(process.peak_seconds) + " after the start\n" + Overhead(peak);
  }
  text += "End:       " + WithErrorBar(process, View::kEnd) + " live in " + Allocations(end) +
          "; " + process.exit + " after " + FormatSeconds(process.duration_seconds) + "\n";
  text += "In total:  " + WithErrorBar(process, View::kAllocated) + " in " +
          Allocations(allocated) + "\n";
  text += Resident(process);
  return text + "Recorded:  " + SamplingText(process) +
         (process.interval_bytes <= 1 ? "\n" : "; ± is the 95 % interval\n");
}

std::string Warnings(const Summary& summary) {
  std::string text;
  for (const auto* list : {&summary.main_process().warnings, &summary.warnings}) {
    for (const std::string& warning : *list) text += "Warning:   " + Printable(warning) + "\n";
  }
  return text;
}

// The processes that are not shown, largest first.
std::string Others(const Summary& summary) {
  std::vector<const ProcessSummary*> others;
  for (const ProcessSummary& process : summary.processes) {
    if (&process != &summary.main_process()) others.push_back(&process);
  }
  const auto held_something = [](const ProcessSummary* other) {
    return other->amounts[0].bytes > 0;
  };
  const size_t holders =
      static_cast<size_t>(std::count_if(others.begin(), others.end(), held_something));
  const size_t shown = std::min(kMostProcesses, holders);
  std::partial_sort(others.begin(), others.begin() + static_cast<ptrdiff_t>(shown), others.end(),
                    [](const auto* a, const auto* b) { return IsMoreImportant(*a, *b); });
  std::string text;
  for (size_t i = 0; i < shown; ++i) {
    text += (i == 0 ? "Others:    " : "           ") + WithErrorBar(*others[i], View::kPeak) +
            " at the peak of " + CommandWithin(others[i]->command, kMostCharacters / 2) + " (pid " +
            std::to_string(others[i]->pid) + ")\n";
  }
  if (shown == others.size()) return text;
  const size_t rest = others.size() - shown;
  return text + (shown == 0 ? "Others:    " : "           and ") +
         FormatCount(static_cast<int64_t>(rest)) +
         (rest == 1 ? " more process\n" : " more processes\n");
}

std::string Row(const Amount& amount, const ProcessSummary& process, const std::string& what) {
  const int64_t whole = process.amounts[0].bytes;
  return Pad(FormatBytes(amount.bytes), 10) + Pad(FormatPercent(Share(amount.bytes, whole)), 9) +
         Pad(ErrorText(amount, process), 12) + Pad(FormatCount(amount.count()), 13) +
         Pad(MeanSize(amount), 10) + Pad(FormatBytes(amount.overhead), 13) + "  " + what + "\n";
}

// Below the line that they called.
std::string Callers(const Recording& recording, const LineSummary& line) {
  std::string text;
  for (const Caller& caller : line.callers) {
    text += (text.empty() ? std::string(CalledBy(line.callers, line.self.bytes)) : " <- ") +
            FunctionWithin(CallerText(recording, caller), kMostCallerCharacters);
  }
  return text;
}

// Of a line that matters, below it.
std::string Details(const Recording& recording, const Summary& summary, const LineSummary& line) {
  if (!IsHeavy(line, summary)) return "";
  std::string callers = Callers(recording, line);
  const std::string age = AgeText(line);
  if (!callers.empty() && !age.empty()) callers += "; ";
  callers += age;
  std::string text;
  for (const std::string& words : {TypesText(recording, line), callers}) {
    if (!words.empty()) text += "          " + words + "\n";
  }
  return text;
}

// What made the peak.
std::string Explanation(const Recording& recording, const Summary& summary) {
  const std::string growth = GrowthText(recording, summary);
  std::string text = growth.empty() ? "" : "Growth:    " + growth + "\n";
  for (const std::string& copy : CopyTexts(recording, summary)) text += "Copying:   " + copy + "\n";
  const std::string imports = ImportsText(summary);
  if (!imports.empty()) text += "Python:    " + imports + "\n";
  for (const std::string& hint : HintTexts(recording, summary)) text += "Hint:      " + hint + "\n";
  return text;
}

std::string List(const std::string& heading, const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += "  " + line + "\n";
  return text.empty() ? "" : "\n" + heading + ":\n" + text;
}

}  // namespace

std::string SummaryText(const Recording& recording, const Summary& summary, size_t top) {
  std::string text = Verdict(summary.main_process()) + Warnings(summary) + Others(summary);
  const ProcessSummary& process = summary.main_process();
  if (process.amounts[0].bytes == 0) return text;
  text += Explanation(recording, summary);
  text += "\nLive at the peak, by the line that allocated it:\n";
  text += "     bytes    share           ±  allocations      each  malloc adds  line\n";
  const size_t shown = std::min(top, summary.lines.size());
  for (size_t i = 0; i < shown; ++i) {
    const LineSummary& line = summary.lines[i];
    if (line.self.bytes == 0 && line.self.samples == 0) break;
    const std::string place = PrintableWithin(PlaceText(recording, line), kMostCharacters);
    text += Row(line.self, process,
                FunctionWithin(FunctionText(recording, line), kMostCharacters) +
                    (place.empty() ? "" : "  ") + place) +
            Details(recording, summary, line);
  }
  const Amount rest = RestBehind(summary, shown);
  if (rest.bytes != 0 || rest.samples != 0) text += Row(rest, process, "all other lines");
  return text + List(LeftHeading(summary), LeftTexts(recording, summary)) +
         List(TemporaryHeading(summary), TemporaryTexts(recording, summary));
}

}  // namespace heapcrest
