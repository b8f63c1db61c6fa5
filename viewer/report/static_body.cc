#include "viewer/report/static_body.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "absl/strings/str_format.h"
#include "viewer/address_names.h"
#include "viewer/explanation_text.h"
#include "viewer/hints.h"
#include "viewer/report/static_flamegraph.h"
#include "viewer/report/text.h"
#include "viewer/units.h"

namespace heapcrest {
namespace {

constexpr size_t kMaxLines = 20;
constexpr size_t kMaxProcesses = 20;
constexpr size_t kMaxShownBytes = 400;

std::string Shown(std::string_view text) { return EscapeHtml(CleanText(text, kMaxShownBytes)); }

std::string ErrorText(const Amount& amount, const Precision& precision) {
  const int64_t error = std::llround(HalfWidth95(amount, precision));
  return error == 0 ? "" : " ± " + FormatBytes(error);
}

// The whole path; nothing where the function's name says it, as "libfoo.so+0x1234" does.
std::string WholePlace(const Recording& recording, const Frame& frame) {
  const std::string_view file = recording.strings[frame.file];
  const std::string_view module = recording.strings[frame.module];
  if (file.empty()) {
    return IsAddressName(recording.strings[frame.function], module) ? "" : std::string(module);
  }
  return std::string(file) + (frame.line > 0 ? ":" + std::to_string(frame.line) : "");
}

std::string Allocations(const Amount& amount) {
  return FormatCount(amount.count()) + (amount.count() == 1 ? " allocation" : " allocations");
}

// What malloc makes of it: many small allocations cost more than was asked for.
std::string Held(const Amount& held) {
  if (held.count() == 0) return "";
  const char* mean = held.count() == 1 ? "" : " on average";
  std::string text = Allocations(held) + " of " +
                     FormatBytes(std::llround(static_cast<double>(held.bytes) /
                                              static_cast<double>(held.count()))) +
                     mean;
  if (held.overhead > 0) text += "; malloc adds " + FormatBytes(held.overhead);
  return "<p>" + text + ".</p>\n";
}

std::string Verdict(const Recording& recording, const Summary& summary) {
  const ProcessSummary& main = summary.main_process();
  const Amount& peak = main.amounts[0];
  std::string text = absl::StrFormat(
      "<h1>%s%s at the peak</h1>\n<p><code>%s</code> (pid %d) held the most heap memory %s after "
      "its start. It ran %s; %s.</p>\n",
      FormatBytes(peak.bytes), ErrorText(peak, summary.precision()), Shown(main.command), main.pid,
      FormatSeconds(main.peak_seconds), FormatSeconds(main.duration_seconds),
      EscapeHtml(main.exit));
  text += Held(peak);
  if (!summary.lines.empty() && summary.lines[0].frame != kNone && peak.bytes > 0) {
    const LineSummary& line = summary.lines[0];
    const Frame& frame = recording.frames[line.frame];
    const std::string place = Shown(WholePlace(recording, frame));
    text += absl::StrFormat("<p>The line that held most: <b>%s</b> in <code>%s</code>%s%s.</p>\n",
                            FormatPercent(Share(line.self.bytes, peak.bytes)),
                            Shown(recording.strings[frame.function]), place.empty() ? "" : " at ",
                            place);
  }
  const Amount& end = main.amounts[1];
  const Amount& allocated = main.amounts[2];
  if (main.resident) {
    text += "<p>Resident: ";
    for (const std::string& words : InWords(*main.resident)) text += words;
    text += ".</p>\n";
  }
  return text + absl::StrFormat(
                    "<p>Live at the end: %s. Allocated in total: %s in %s. Recorded: %s.</p>\n",
                    FormatBytes(end.bytes), FormatBytes(allocated.bytes), Allocations(allocated),
                    SamplingText(main));
}

// What a reader should know before reading on.
std::string Hints(const Recording& recording, const Summary& summary) {
  std::string text;
  for (const std::string& hint : HintTexts(recording, summary)) {
    text += "<p><b>Hint:</b> " + EscapeHtml(hint) + ".</p>\n";
  }
  return text;
}

// Names in a sentence are short already.
std::string Explanation(const Recording& recording, const Summary& summary) {
  std::string text;
  for (const std::string& sentence : PeakTexts(recording, summary)) {
    text += "<p>" + EscapeHtml(sentence) + ".</p>\n";
  }
  return text;
}

std::string Temporary(const Recording& recording, const Summary& summary) {
  std::string text;
  for (const std::string& line : TemporaryTexts(recording, summary)) {
    text += "<li>" + EscapeHtml(line) + "</li>\n";
  }
  return text.empty() ? "" : "<p>" + TemporaryHeading(summary) + ":</p>\n<ul>\n" + text + "</ul>\n";
}

std::string Warnings(const Summary& summary) {
  std::vector<std::string> all = summary.warnings;
  const std::vector<std::string>& own = summary.main_process().warnings;
  all.insert(all.end(), own.begin(), own.end());
  std::string text;
  for (const std::string& warning : all) text += "<p><b>Note:</b> " + Shown(warning) + "</p>\n";
  return text;
}

std::string Lines(const Recording& recording, const Summary& summary) {
  const int64_t peak = summary.main_process().amounts[0].bytes;
  std::string rows;
  size_t shown = 0;
  for (const LineSummary& line : summary.lines) {
    if (line.self.bytes <= 0 || shown++ == kMaxLines) break;
    const std::string function = Shown(FunctionText(recording, line));
    std::string place;
    if (line.frame != kNone) {
      const Frame& frame = recording.frames[line.frame];
      place = Shown(WholePlace(recording, frame));
    }
    absl::StrAppendFormat(
        &rows,
        "<tr><td align=\"right\" nowrap>%s</td><td align=\"right\" nowrap>%s%s</td><td "
        "align=\"right\" nowrap>%s"
        "</td><td align=\"right\" nowrap>%s</td><td align=\"right\" nowrap>%s</td><td><code>%s"
        "</code><br>%s</td></tr>\n",
        FormatPercent(Share(line.self.bytes, peak)), FormatBytes(line.self.bytes),
        ErrorText(line.self, summary.precision()), FormatBytes(line.total.bytes),
        FormatCount(line.self.count()), FormatBytes(line.self.overhead), function, place);
  }
  if (rows.empty()) return "<p>No allocation was recorded.</p>\n";
  return "<h2>Lines that held the peak</h2>\n<table border=\"0\" cellpadding=\"5\">\n<tr>"
         "<th align=\"right\" nowrap>Share</th><th align=\"right\" nowrap>Itself</th><th "
         "align=\"right\" nowrap>With "
         "callees</th><th align=\"right\" nowrap>Allocations</th><th align=\"right\" nowrap>Malloc "
         "adds</th><th "
         "align=\"left\">Function and line</th></tr>"
         "\n" +
         rows + "</table>\n";
}

// Why there may be nothing to show.
std::string Hint(const ProcessSummary& process) {
  if (process.interval_bytes <= 1 || process.amounts[2].bytes > 0) return "";
  return "<p>The program allocates little (--interval 1 records all), or it starts the real "
         "program with another LD_PRELOAD or environment.</p>\n";
}

std::string Processes(const Summary& summary) {
  if (summary.processes.size() < 2) return "";
  std::vector<const ProcessSummary*> all;
  for (const ProcessSummary& process : summary.processes) all.push_back(&process);
  const auto holders = std::count_if(all.begin(), all.end(), [](const ProcessSummary* process) {
    return process->amounts[0].bytes > 0;
  });
  const size_t shown = std::min(static_cast<size_t>(holders), kMaxProcesses);
  if (shown == 0) return "";
  std::partial_sort(
      all.begin(), all.begin() + static_cast<ptrdiff_t>(shown), all.end(),
      [](const ProcessSummary* a, const ProcessSummary* b) { return IsMoreImportant(*a, *b); });
  std::string text = absl::StrFormat(
      "<h2>%s processes</h2>\n<table border=\"0\" cellpadding=\"5\">\n<tr><th align=\"right\" "
      "nowrap>Peak"
      "</th><th align=\"right\" nowrap>Pid</th><th align=\"right\" nowrap>Started</th><th "
      "align=\"left\" nowrap>Command"
      "</th></tr>\n",
      FormatCount(static_cast<int64_t>(all.size())));
  for (size_t i = 0; i < shown; ++i) {
    absl::StrAppendFormat(
        &text,
        "<tr><td align=\"right\" nowrap>%s</td><td align=\"right\" nowrap>%d</td><td "
        "align=\"right\" nowrap>%s</td><td><code>%s</code></td></tr>\n",
        FormatBytes(all[i]->amounts[0].bytes), all[i]->pid, FormatSeconds(all[i]->start_seconds),
        Shown(all[i]->command));
  }
  text += "</table>\n";
  if (shown == all.size()) return text;
  const char* const what =
      shown < kMaxProcesses ? "of which no allocation was recorded" : "with smaller peaks";
  return text + absl::StrFormat("<p>and %s more %s.</p>\n",
                                FormatCount(static_cast<int64_t>(all.size() - shown)), what);
}

}  // namespace

std::string StaticBody(const Recording& recording, const PageData& page) {
  const Summary& summary = page.summary;
  const ProcessSummary& main = summary.main_process();
  const std::string flamegraph = StaticFlamegraph(recording, page.main_tree);
  std::string text = Verdict(recording, summary) + Hints(recording, summary) +
                     Explanation(recording, summary) + Warnings(summary);
  if (main.amounts[0].bytes == 0) {
    return text + Lines(recording, summary) + Hint(main) + Processes(summary);
  }
  text += "<h2>Live bytes over time</h2>\n" +
          StaticCurve(MakeTimeline(recording.processes[main.process], page.main_peak), main);
  if (!flamegraph.empty()) {
    text +=
        "<h2>Who held the peak</h2>\n<p>Each box is a function, as wide as the memory that it "
        "and what it called held; callers stand above.</p>\n" +
        flamegraph;
  }
  return text + Lines(recording, summary) + Temporary(recording, summary) + Processes(summary);
}

}  // namespace heapcrest
