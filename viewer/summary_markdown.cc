#include "viewer/summary_markdown.h"

#include <algorithm>
#include <string_view>

#include "viewer/command_line.h"
#include "viewer/explanation_text.h"
#include "viewer/hints.h"
#include "viewer/printable.h"
#include "viewer/units.h"

namespace heapcrest {
namespace {

constexpr size_t kMostCharacters = 120;
constexpr size_t kMostCallerCharacters = 40;

// Every sign that Markdown, HTML or a forge gives a meaning becomes a numeric entity.
std::string Escaped(const std::string& text, size_t most = kMostCharacters) {
  std::string escaped;
  for (const char c : PrintableWithin(text, most)) {
    if (std::string_view("&<>|`*_[]\\~@#$!\"'").find(c) == std::string_view::npos) {
      escaped += c;
    } else {
      escaped += "&#" + std::to_string(static_cast<int>(c)) + ";";
    }
  }
  return escaped;
}

std::string Row(const Amount& amount, const ProcessSummary& process, const std::string& function,
                const std::string& place) {
  const int64_t whole = process.amounts[0].bytes;
  return "| " + FormatBytes(amount.bytes) + " | " + FormatPercent(Share(amount.bytes, whole)) +
         " | " + ErrorText(amount, process) + " | " + FormatCount(amount.count()) + " | " +
         FormatBytes(amount.overhead) + " | " + function + " | " + place + " |\n";
}

// On a line of their own, in the cell of the function that they called.
std::string Callers(const Recording& recording, const LineSummary& line) {
  std::string text;
  for (const Caller& caller : line.callers) {
    text += (text.empty() ? "<br>" + std::string(CalledBy(line.callers, line.self.bytes))
                          : " &#60;- ") +
            Escaped(CallerText(recording, caller), kMostCallerCharacters);
  }
  return text;
}

// The same, of what the line held. Names are short already.
std::string Types(const Recording& recording, const LineSummary& line) {
  const std::string types = TypesText(recording, line);
  return types.empty() ? "" : "<br>" + Escaped(types, types.size());
}

// Names in a sentence are short already.
std::string Explanation(const Recording& recording, const Summary& summary) {
  std::string text;
  for (const std::string& sentence : PeakTexts(recording, summary)) {
    text += "\n" + Escaped(sentence, sentence.size()) + ".\n";
  }
  for (const std::string& hint : HintTexts(recording, summary)) {
    text += "\n**Hint:** " + Escaped(hint, hint.size()) + ".\n";
  }
  return text;
}

std::string List(const std::string& heading, const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += "- " + Escaped(line, line.size()) + "\n";
  return text.empty() ? "" : "\n" + heading + ":\n\n" + text;
}

}  // namespace

std::string SummaryMarkdown(const Recording& recording, const Summary& summary, size_t top) {
  const ProcessSummary& process = summary.main_process();
  const auto& [peak, end, allocated] = process.amounts;
  std::string text = "### Peak " + FormatBytes(peak.bytes) + ": " +
                     Escaped(CommandWithin(process.command, kMostCharacters)) + "\n\n" +
                     FormatCount(peak.count()) + " allocations live after " +
                     FormatSeconds(process.peak_seconds) + "; " + FormatBytes(end.bytes) +
                     " left at the end (" + process.exit + "); " + FormatBytes(allocated.bytes) +
                     " allocated in total.\n";
  if (process.resident) {
    text += "\nResident: ";
    for (const std::string& words : InWords(*process.resident)) text += words;
    text += ".\n";
  }
  for (const auto* list : {&process.warnings, &summary.warnings}) {
    for (const std::string& warning : *list) text += "\n**Warning:** " + Escaped(warning) + "\n";
  }
  if (peak.bytes == 0) return text;
  text += Explanation(recording, summary);
  text += "\n| Held at the peak | Share | 95 % | Allocations | Malloc adds | Function | Place |\n";
  text += "|--:|--:|--:|--:|--:|---|---|\n";
  const size_t shown = std::min(top, summary.lines.size());
  for (size_t i = 0; i < shown && summary.lines[i].self.bytes != 0; ++i) {
    const LineSummary& line = summary.lines[i];
    text += Row(
        line.self, process,
        Escaped(FunctionText(recording, line)) + Types(recording, line) + Callers(recording, line),
        Escaped(PlaceText(recording, line)));
  }
  const Amount rest = RestBehind(summary, shown);
  if (rest.bytes != 0) text += Row(rest, process, "all other lines", "");
  return text + List(LeftHeading(summary), LeftTexts(recording, summary)) +
         List(TemporaryHeading(summary), TemporaryTexts(recording, summary));
}

}  // namespace heapcrest
