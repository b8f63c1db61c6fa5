#include "viewer/summary_json.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "viewer/weight.h"

namespace heapcrest {
namespace {

using Json = nlohmann::ordered_json;

Json AmountJson(const Amount& amount) {
  return {{"bytes", amount.bytes},
          {"count", amount.count()},
          {"samples", amount.samples},
          {"ci95_bytes", std::llround(HalfWidth95(amount.variance_bytes2))}};
}

Json ProcessJson(const ProcessSummary& process) {
  Json peak = AmountJson(process.amounts[0]);
  peak["seconds"] = process.peak_seconds;
  return {{"command", process.command},
          {"pid", process.pid},
          {"parent_pid", process.parent_pid},
          {"start_seconds", process.start_seconds},
          {"duration_seconds", process.duration_seconds},
          {"exit", process.exit},
          {"interval_bytes", process.interval_bytes},
          {"samples", process.samples},
          {"peak", std::move(peak)},
          {"end", AmountJson(process.amounts[1])},
          {"allocated", AmountJson(process.amounts[2])},
          {"allocations", process.amounts[2].count()},
          {"warnings", process.warnings}};
}

Json LineJson(const Recording& recording, const LineSummary& line) {
  const Frame frame = line.frame == kNone ? Frame{} : recording.frames[line.frame];
  return {{"function", FunctionText(recording, line)},
          {"file", std::string(recording.strings[frame.file])},
          {"line", frame.line},
          {"module", std::string(recording.strings[frame.module])},
          {"self_bytes", line.self.bytes},
          {"total_bytes", line.total.bytes},
          {"count", line.self.count()},
          {"samples", line.self.samples},
          {"ci95_bytes", std::llround(HalfWidth95(line.self.variance_bytes2))}};
}

}  // namespace

std::string SummaryJson(const Recording& recording, const Summary& summary, size_t top) {
  Json json = ProcessJson(summary.main_process());
  const size_t shown = std::min(top, summary.lines.size());
  json["top"] = Json::array();
  for (size_t i = 0; i < shown; ++i) json["top"].push_back(LineJson(recording, summary.lines[i]));
  json["rest"] = AmountJson(RestBehind(summary, shown));
  for (const std::string& warning : summary.warnings) json["warnings"].push_back(warning);
  json["processes"] = Json::array();
  for (const ProcessSummary& process : summary.processes) {
    json["processes"].push_back(ProcessJson(process));
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace heapcrest
