#include "viewer/report/page_data.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>
#include <utility>
#include <vector>

#include "viewer/report/process_columns.h"
#include "viewer/report/text.h"
#include "viewer/weight.h"

namespace heapcrest {
namespace {

using Json = nlohmann::json;

// Small processes share a block: 100,000 of them must not become 100,000 elements.
constexpr size_t kBlockBytes = 256 * 1024;
constexpr size_t kMaxCommandBytes = 2000;

struct Place {
  size_t block;
  size_t offset;
};

std::string Element(const std::string& id, std::string_view bytes) {
  return "<script type=\"application/x-heapcrest\" id=\"" + id + "\">" + Deflated(bytes) +
         "</script>\n";
}

// Collects the columns of processes into blocks.
class BlockWriter {
 public:
  Packer* Open() {
    if (block_.size() > kBlockBytes) Close();
    place_ = {count_, block_.size()};
    return &block_;
  }
  Place place() const { return place_; }

  void Close() {
    markup_ += Element("heapcrest-trees-" + std::to_string(count_++), block_.bytes());
    block_.Clear();
  }
  const std::string& markup() const { return markup_; }

 private:
  Packer block_;
  Place place_ = {};
  size_t count_ = 0;
  std::string markup_;
};

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
Json AmountJson(const Amount& amount) {
  return {amount.bytes, amount.count(), amount.samples, HalfWidth95(amount.variance_bytes2)};
}

Json Index(const Recording& recording, const Summary& summary, const std::vector<Place>& places) {
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
    columns[kViews[view]] =
        Column(order, [&](uint32_t i) { return AmountJson(all[i].amounts[view]); });
  }
  columns["interval"] = Column(order, [&](uint32_t i) { return all[i].interval_bytes; });
  columns["exit"] = Column(order, [&](uint32_t i) { return all[i].exit; });
  columns["warnings"] = Column(order, [&](uint32_t i) { return Texts(all[i].warnings); });
  columns["block"] = Column(order, [&](uint32_t i) { return places[i].block; });
  columns["offset"] = Column(order, [&](uint32_t i) { return places[i].offset; });
  return {{"warnings", Texts(summary.warnings)}, {"processes", std::move(columns)}};
}

}  // namespace

PageData WritePageData(const Recording& recording) {
  const FrameTable frames(recording);
  WeightTable weights;
  BlockWriter blocks;
  PageData page;
  std::vector<Place> places;
  for (uint32_t i = 0; i < recording.processes.size(); ++i) {
    const Process& process = recording.processes[i];
    const Peak peak = FindPeak(process);
    CallTree tree = BuildCallTree(recording, process, peak);
    WriteProcess(recording, process, peak, tree, MakeTimeline(process), frames, &weights,
                 blocks.Open());
    places.push_back(blocks.place());
    page.summary.processes.push_back(SummarizeProcess(recording, i, peak));
    if (i == 0 || IsMoreImportant(page.summary.processes[i], page.summary.main_process())) {
      page.summary.main = i;
      page.main_tree = std::move(tree);
    }
  }
  blocks.Close();
  page.summary.lines = RankLines(recording, page.main_tree);
  page.summary.warnings = recording.warnings;
  Packer shared;
  frames.Write(recording, &shared);
  weights.Write(&shared);
  page.blocks = Element("heapcrest-index", Index(recording, page.summary, places).dump()) +
                Element("heapcrest-shared", shared.bytes()) + blocks.markup();
  return page;
}

}  // namespace heapcrest
