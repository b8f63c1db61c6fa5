#include "viewer/report/page_index.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "viewer/explanation_text.h"
#include "viewer/hints.h"
#include "viewer/report/text.h"

namespace heapcrest {
namespace {

using Json = nlohmann::json;

constexpr size_t kMaxCommandBytes = 2000;

template <typename Value>
Json Column(const std::vector<uint32_t>& order, const Value& value) {
  Json column = Json::array();
  for (const uint32_t process : order) column.push_back(value(process));
  return column;
}

Json Texts(const std::vector<std::string>& texts) {
  Json array = Json::array();
  for (const std::string& text : texts) array.push_back(CleanText(text, kMaxCommandBytes));
  return array;
}

std::vector<uint32_t> LargestFirst(const std::vector<ProcessSummary>& processes) {
  std::vector<uint32_t> order(processes.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
    return IsMoreImportant(processes[a], processes[b]);
  });
  return order;
}

// bytes, blocks, samples, half the 95 % interval
Json AmountJson(const Amount& amount, const Precision& precision) {
  return {amount.bytes, amount.count(), amount.samples, HalfWidth95(amount, precision)};
}

// By view, the relative standard deviation of the sum that samples are scaled to; null: they are
// not.
Json SumErrors(const ProcessSummary& process) {
  if (!process.precision[0].is_calibrated) return nullptr;
  Json errors = Json::array();
  for (size_t view = 0; view < kViewCount; ++view) {
    const Precision& precision = process.precision[view];
    const auto scaled = static_cast<double>(precision.scaled_bytes);
    const double of_sum = precision.of_sum_bytes2 + process.amounts[view].object_variance_bytes2;
    errors.push_back(scaled == 0 ? 0 : std::sqrt(of_sum) / scaled);
  }
  return errors;
}

}  // namespace

Json PageIndex(const Recording& recording, const Summary& summary,
               const std::vector<ColumnsPlace>& places, const std::vector<Json>& tops) {
  const std::vector<ProcessSummary>& all = summary.processes;
  const std::vector<uint32_t> order = LargestFirst(all);
  Json columns;
  columns["pid"] = Column(order, [&](uint32_t i) { return all[i].pid; });
  columns["parent"] = Column(order, [&](uint32_t i) { return all[i].parent_pid; });
  columns["command"] =
      Column(order, [&](uint32_t i) { return CleanText(all[i].command, kMaxCommandBytes); });
  columns["start"] = Column(order, [&](uint32_t i) { return all[i].start_seconds; });
  columns["started"] = Column(
      order, [&](uint32_t i) { return recording.processes[i].start_realtime_ns / 1'000'000; });
  columns["duration"] = Column(order, [&](uint32_t i) { return all[i].duration_seconds; });
  columns["peakAt"] = Column(order, [&](uint32_t i) { return all[i].peak_seconds; });
  constexpr const char* kViews[kViewCount] = {"atPeak", "atEnd", "allocated"};
  for (size_t view = 0; view < kViewCount; ++view) {
    columns[kViews[view]] = Column(order, [&](uint32_t i) {
      return AmountJson(all[i].amounts[view], all[i].precision[view]);
    });
  }
  columns["sumErrors"] = Column(order, [&](uint32_t i) { return SumErrors(all[i]); });
  columns["why"] = Column(order, [&](uint32_t i) { return WhyText(recording, summary, i); });
  // Of what the text of the summary is about.
  columns["hints"] = Column(order, [&](uint32_t i) {
    return i == summary.main ? Texts(HintTexts(recording, summary)) : Json::array();
  });
  columns["sampling"] =
      Column(order, [&](uint32_t i) { return "recorded: " + SamplingText(all[i]); });
  columns["interval"] = Column(order, [&](uint32_t i) { return all[i].interval_bytes; });
  columns["exit"] = Column(order, [&](uint32_t i) { return all[i].exit; });
  columns["warnings"] = Column(order, [&](uint32_t i) { return Texts(all[i].warnings); });
  columns["top"] = Column(order, [&](uint32_t i) { return tops[i]; });
  columns["block"] = Column(order, [&](uint32_t i) { return places[i].block; });
  columns["offset"] = Column(order, [&](uint32_t i) { return places[i].offset; });
  return {{"warnings", Texts(summary.warnings)}, {"processes", std::move(columns)}};
}

}  // namespace heapcrest
