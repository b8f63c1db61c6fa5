#include "viewer/explanation_text.h"

#include <algorithm>

#include "absl/strings/str_join.h"
#include "viewer/function_name.h"
#include "viewer/printable.h"
#include "viewer/units.h"

namespace heapcrest {
namespace {

constexpr size_t kMostLines = 3;
constexpr size_t kMostTypes = 4;
constexpr size_t kMostCharacters = 60;  // of a name
constexpr int64_t kLeastShare = 20;     // of what a line is shown as a part of
constexpr int64_t kMuch = 10;           // of what was allocated, or of the peak, is worth words
constexpr int64_t kMuchLeft = 1'000'000;

// "Grow app/main.cc:30"
std::string NameOf(const Recording& recording, uint32_t frame) {
  const std::string place = PrintableWithin(PlaceText(recording, frame), kMostCharacters);
  return FunctionWithin(FunctionText(recording, frame), kMostCharacters) +
         (place.empty() ? "" : " ") + place;
}

// Whether a part is large enough, and known well enough, to be shown.
bool IsTelling(int64_t bytes, double error, int64_t whole) {
  return bytes > 0 && bytes >= whole / kLeastShare && static_cast<double>(bytes) > error;
}

std::string After(double seconds) {
  return seconds == 0 ? "at once" : "after " + FormatDuration(seconds);
}

double SecondsOfGrowth(const Summary& summary) {
  return std::max(summary.main_process().peak_seconds - SecondsOf(summary.growth.from_ns), 0.0);
}

}  // namespace

std::string GrowthText(const Recording& recording, const Summary& summary) {
  const Growth& growth = summary.growth;
  if (growth.bytes <= 0) return "";
  const double seconds = SecondsOfGrowth(summary);
  std::string lines;
  size_t shown = 0;
  for (const LineGrowth& line : growth.lines) {
    if (shown == kMostLines) break;
    if (!IsTelling(line.amount.bytes, HalfWidth95(line.amount, {}), growth.bytes)) continue;
    lines += (shown++ == 0 ? ": " : ", ") + FormatBytes(line.amount.bytes) + " in " +
             NameOf(recording, line.frame);
  }
  return FormatBytes(growth.bytes) + " of the peak came " +
         (seconds == 0 ? "at once" : "in the last " + FormatDuration(seconds) + " before it") +
         lines;
}

std::vector<std::string> CopyTexts(const Recording& recording, const Summary& summary) {
  std::vector<std::string> texts;
  for (const CopySpike& copy : summary.copies) {
    texts.push_back(FormatBytes(copy.old_bytes) +
                    " of the peak is an old block beside its copy of " +
                    FormatBytes(copy.new_bytes) + ", for " + FormatDuration(copy.seconds) +
                    ", in " + NameOf(recording, copy.frame));
  }
  return texts;
}

std::string ImportsText(const Summary& summary) {
  const ProcessSummary& process = summary.main_process();
  const Imports& imports = summary.imports;
  if (!IsTelling(imports.held.bytes, HalfWidth95(imports.held, process.precision[0]),
                 process.amounts[0].bytes)) {
    return "";
  }
  std::string modules;
  size_t shown = 0;
  for (const Import& import : imports.modules) {
    if (shown == kMostLines) break;
    const double error = HalfWidth95(import.held, process.precision[0]);
    if (import.module.empty() || !IsTelling(import.held.bytes, error, imports.held.bytes)) continue;
    modules += (shown++ == 0 ? ": " : ", ") + PrintableWithin(import.module, kMostCharacters) +
               " " + FormatBytes(import.held.bytes);
  }
  return "Imports hold " + FormatBytes(imports.held.bytes) + " of the peak" + modules;
}

std::vector<std::string> PeakTexts(const Recording& recording, const Summary& summary) {
  std::vector<std::string> texts = CopyTexts(recording, summary);
  texts.insert(texts.begin(), GrowthText(recording, summary));
  texts.push_back(ImportsText(summary));
  std::erase(texts, "");
  return texts;
}

std::vector<std::string> TemporaryTexts(const Recording& recording, const Summary& summary) {
  const ProcessSummary& process = summary.main_process();
  const int64_t all = summary.lifetimes.temporary.bytes;
  std::vector<std::string> texts;
  if (all <= 0 || all < process.amounts[2].bytes / kMuch) return texts;
  for (const LineSummary* line : MostTemporary(summary, kMostLines)) {
    const Amount& amount = line->lifetimes.temporary;
    if (!IsTelling(amount.bytes, HalfWidth95(amount, process.precision[2]), all)) continue;
    const std::optional<double>& seconds = line->lifetimes.temporary_seconds;
    texts.push_back(FormatBytes(amount.bytes) + " in " + FormatCount(amount.count()) +
                    (amount.count() == 1 ? " allocation" : " allocations") +
                    (seconds ? ", freed " + After(*seconds) : "") + ": " +
                    NameOf(recording, line->frame));
  }
  return texts;
}

std::string TemporaryHeading(const Summary& summary) {
  const int64_t bytes = summary.lifetimes.temporary.bytes;
  return "Freed again within " + FormatDuration(kTemporarySeconds) + ": " + FormatBytes(bytes) +
         ", " + FormatPercent(Share(bytes, summary.main_process().amounts[2].bytes)) +
         " of all that was allocated";
}

std::vector<std::string> LeftTexts(const Recording& recording, const Summary& summary) {
  const ProcessSummary& process = summary.main_process();
  const int64_t peak = process.amounts[0].bytes, all = process.amounts[1].bytes;
  std::vector<std::string> texts;
  if (all < std::max(kMuchLeft, peak / kMuch) || all > peak - peak / kLeastShare) return texts;
  for (const LineSummary* line : MostLeft(summary, kMostLines)) {
    if (!IsTelling(line->end.bytes, HalfWidth95(line->end, process.precision[1]), all)) continue;
    texts.push_back(FormatBytes(line->end.bytes) + " in " + FormatCount(line->end.count()) +
                    (line->end.count() == 1 ? " allocation: " : " allocations: ") +
                    NameOf(recording, line->frame));
  }
  return texts;
}

std::string LeftHeading(const Summary& summary) {
  const Amounts& amounts = summary.main_process().amounts;
  return "Live at the end: " + FormatBytes(amounts[1].bytes) + ", " +
         FormatPercent(Share(amounts[1].bytes, amounts[0].bytes)) + " of the peak";
}

std::string AgeText(const LineSummary& line) {
  const std::optional<double>& age = line.lifetimes.age_seconds;
  if (!age) return "";
  return *age == 0 ? "just allocated" : FormatDuration(*age) + " old at the peak (median)";
}

std::string TypesText(const Recording& recording, const LineSummary& line) {
  std::vector<std::string> texts;
  for (const TypeHeld& type : line.types) {
    if (texts.size() == kMostTypes || type.held.bytes < line.self.bytes / kLeastShare) break;
    texts.push_back(FormatCount(type.held.count()) + " × " +
                    PrintableWithin(FunctionText(recording, type.frame), kMostCharacters) + ", " +
                    FormatBytes(type.held.bytes));
  }
  return absl::StrJoin(texts, "; ");
}

std::string WhyText(const Recording& recording, const Summary& summary, size_t process) {
  std::vector<std::string> sentences;
  if (process == summary.main) {
    sentences = PeakTexts(recording, summary);
    const std::vector<std::string> temporary = TemporaryTexts(recording, summary);
    if (!temporary.empty()) {
      sentences.push_back(TemporaryHeading(summary) + ": " + absl::StrJoin(temporary, "; "));
    }
  }
  if (const auto& resident = summary.processes[process].resident) {
    sentences.push_back(absl::StrJoin(InWords(*resident), ""));
  }
  return sentences.empty() ? "Nothing more is known." : absl::StrJoin(sentences, ".\n") + ".";
}

}  // namespace heapcrest
