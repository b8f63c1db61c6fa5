#include "viewer/summary_json.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "viewer/hints.h"
#include "viewer/units.h"

namespace heapcrest {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kMostGrown = 5;

Json AmountJson(const Amount& amount, const Precision& precision) {
  return {{"bytes", amount.bytes},
          {"count", amount.count()},
          {"samples", amount.samples},
          {"overhead_bytes", amount.overhead},
          {"ci95_bytes", std::llround(HalfWidth95(amount, precision))}};
}

Json ResidentJson(const std::optional<Reconciliation>& sum) {
  if (!sum) return nullptr;
  Json json = {{"bytes", sum->resident},
               {"seconds", SecondsOf(sum->time_ns)},
               {"highest_bytes", sum->highest}};
  for (const ReconciliationTerm& term : TermsOf(*sum)) json[term.key] = std::abs(term.bytes);
  return json;
}

Json ProcessJson(const ProcessSummary& process) {
  const auto json_of = [&](size_t view) {
    return AmountJson(process.amounts[view], process.precision[view]);
  };
  Json peak = json_of(0);
  peak["seconds"] = process.peak_seconds;
  return {{"command", process.command},
          {"pid", process.pid},
          {"parent_pid", process.parent_pid},
          {"start_seconds", process.start_seconds},
          {"duration_seconds", process.duration_seconds},
          {"exit", process.exit},
          {"interval_bytes", process.interval_bytes},
          {"finest_interval_bytes", process.finest_interval_bytes},
          {"samples", process.samples},
          {"peak", std::move(peak)},
          {"end", json_of(1)},
          {"allocated", json_of(2)},
          {"allocations", process.amounts[2].count()},
          {"resident", ResidentJson(process.resident)},
          {"warnings", process.warnings}};
}

Json SecondsJson(const std::optional<double>& seconds) {
  return seconds ? Json(*seconds) : Json(nullptr);
}

Json FrameJson(const Recording& recording, const Frame& frame, const std::string& function) {
  return {{"function", function},
          {"file", std::string(recording.strings[frame.file])},
          {"line", frame.line},
          {"module", std::string(recording.strings[frame.module])}};
}

Json PlaceJson(const Recording& recording, uint32_t frame) {
  return FrameJson(recording, frame == kNone ? Frame{} : recording.frames[frame],
                   FunctionText(recording, frame));
}

Json TypesJson(const Recording& recording, const std::vector<TypeHeld>& types,
               const Precision& precision) {
  Json json = Json::array();
  for (const TypeHeld& type : types) {
    Json entry = {{"type", FunctionText(recording, type.frame)}};
    entry.update(AmountJson(type.held, precision));
    json.push_back(std::move(entry));
  }
  return json;
}

Json LineJson(const Recording& recording, const LineSummary& line, const Precision& precision) {
  Json json = PlaceJson(recording, line.frame);
  json["self_bytes"] = line.self.bytes;
  json["total_bytes"] = line.total.bytes;
  json["count"] = line.self.count();
  json["samples"] = line.self.samples;
  json["overhead_bytes"] = line.self.overhead;
  json["ci95_bytes"] = std::llround(HalfWidth95(line.self, precision));
  json["end_bytes"] = line.end.bytes;
  json["allocated_bytes"] = line.allocated.bytes;
  json["temporary_bytes"] = line.lifetimes.temporary.bytes;
  json["temporary_median_seconds"] = SecondsJson(line.lifetimes.temporary_seconds);
  json["age_seconds"] = SecondsJson(line.lifetimes.age_seconds);
  json["types"] = TypesJson(recording, line.types, precision);
  json["callers"] = Json::array();
  for (const Caller& caller : line.callers) {
    const Frame& from = recording.frames[caller.frame];
    Json entry = FrameJson(recording, from, std::string(recording.strings[from.function]));
    entry["bytes"] = caller.bytes;
    json["callers"].push_back(std::move(entry));
  }
  return json;
}

Json GrowthJson(const Recording& recording, const Growth& growth) {
  Json json = {{"from_seconds", SecondsOf(growth.from_ns)},
               {"from_bytes", growth.from_bytes},
               {"bytes", growth.bytes},
               {"lines", Json::array()}};
  for (const LineGrowth& line : growth.lines) {
    if (line.amount.bytes <= 0 || json["lines"].size() == kMostGrown) break;
    Json entry = PlaceJson(recording, line.frame);
    entry["bytes"] = line.amount.bytes;
    entry["count"] = line.amount.count();
    entry["samples"] = line.amount.samples;
    entry["ci95_bytes"] = std::llround(HalfWidth95(line.amount, {}));
    json["lines"].push_back(std::move(entry));
  }
  return json;
}

Json CopiesJson(const Recording& recording, const std::vector<CopySpike>& copies) {
  Json json = Json::array();
  for (const CopySpike& copy : copies) {
    Json entry = PlaceJson(recording, copy.frame);
    entry["old_bytes"] = copy.old_bytes;
    entry["new_bytes"] = copy.new_bytes;
    entry["seconds"] = copy.seconds;
    json.push_back(std::move(entry));
  }
  return json;
}

Json ImportsJson(const Summary& summary, size_t top) {
  const Precision& precision = summary.precision();
  Json json = AmountJson(summary.imports.held, precision);
  json["top"] = Json::array();
  for (const Import& import : summary.imports.modules) {
    if (json["top"].size() == top) break;
    Json entry = {{"module", import.module}};
    entry.update(AmountJson(import.held, precision));
    json["top"].push_back(std::move(entry));
  }
  return json;
}

Json TemporaryJson(const Recording& recording, const Summary& summary, size_t top) {
  const Precision& precision = summary.main_process().precision[2];
  Json json = AmountJson(summary.lifetimes.temporary, precision);
  json["within_seconds"] = kTemporarySeconds;
  json["median_seconds"] = SecondsJson(summary.lifetimes.temporary_seconds);
  json["top"] = Json::array();
  for (const LineSummary* line : MostTemporary(summary, top)) {
    Json entry = PlaceJson(recording, line->frame);
    entry.update(AmountJson(line->lifetimes.temporary, precision));
    entry["median_seconds"] = SecondsJson(line->lifetimes.temporary_seconds);
    json["top"].push_back(std::move(entry));
  }
  return json;
}

}  // namespace

std::string SummaryJson(const Recording& recording, const Summary& summary, size_t top) {
  Json json = ProcessJson(summary.main_process());
  const size_t shown = std::min(top, summary.lines.size());
  json["peak"]["age_seconds"] = SecondsJson(summary.lifetimes.age_seconds);
  json["peak"]["growth"] = GrowthJson(recording, summary.growth);
  json["peak"]["copies"] = CopiesJson(recording, summary.copies);
  json["temporary"] = TemporaryJson(recording, summary, top);
  json["imports"] = ImportsJson(summary, top);
  json["types"] = TypesJson(recording, summary.types, summary.precision());
  json["hints"] = HintTexts(recording, summary);
  json["top"] = Json::array();
  for (size_t i = 0; i < shown; ++i) {
    json["top"].push_back(LineJson(recording, summary.lines[i], summary.precision()));
  }
  json["rest"] = AmountJson(RestBehind(summary, shown), summary.precision());
  for (const std::string& warning : summary.warnings) json["warnings"].push_back(warning);
  json["processes"] = Json::array();
  for (const ProcessSummary& process : summary.processes) {
    json["processes"].push_back(ProcessJson(process));
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace heapcrest
