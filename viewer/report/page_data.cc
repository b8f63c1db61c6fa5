#include "viewer/report/page_data.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "viewer/callers.h"
#include "viewer/explanation_text.h"
#include "viewer/hints.h"
#include "viewer/report/page_tree.h"
#include "viewer/report/process_columns.h"
#include "viewer/report/sample_groups.h"
#include "viewer/report/text.h"
#include "viewer/units.h"

namespace heapcrest {
namespace {

using Json = nlohmann::json;

// Small processes share a block: 100,000 of them must not become 100,000 elements.
constexpr size_t kBlockBytes = 256 * 1024;
constexpr size_t kMaxCommandBytes = 2000;
constexpr size_t kTopLines = 5;
constexpr int64_t kCallersShare = 10;  // a line with less of the peak is not worth its callers
constexpr size_t kMostWithTops = 100;  // processes
constexpr double kBytesPerNode = 8;    // with its part of samples and names
constexpr size_t kMinNodes = 300;      // however many processes share the page

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

Json Index(const Recording& recording, const Summary& summary, const std::vector<Place>& places,
           const std::vector<Json>& tops) {
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

// Writes processes one by one: only what is written is kept of each.
class PageWriter {
 public:
  PageWriter(const Recording& recording, uint64_t max_megabytes)
      : recording_(recording), frames_(recording), max_megabytes_(max_megabytes) {
    for (const Process& process : recording.processes) stacks_ += process.stacks.size();
  }

  PageData Write() {
    for (uint32_t i = 0; i < recording_.processes.size(); ++i) WriteOne(i);
    blocks_.Close();
    page_.summary.lines = RankLines(recording_, page_.main_tree);
    Explain(recording_, page_.main_peak, page_.main_tree, &page_.summary);
    page_.summary.warnings = recording_.warnings;
    Packer shared;
    frames_.Write(recording_, &shared);
    weights_.Write(&shared);
    const Json index = Index(recording_, page_.summary, places_, tops_);
    page_.blocks = Element("heapcrest-index", index.dump()) +
                   Element("heapcrest-shared", shared.bytes()) + blocks_.markup();
    return std::move(page_);
  }

 private:
  void WriteOne(uint32_t i) {
    const Process& process = recording_.processes[i];
    const Peak peak = FindPeak(process);
    CallTree tree = BuildCallTree(recording_, process, peak);
    const PageTree page_tree = MakePageTree(tree, MaxNodes(process));
    std::vector<uint32_t> nodes = NodesOfSamples(process, tree);
    for (uint32_t& node : nodes) node = page_tree.place[node];
    for (const CallNode& node : page_tree.tree.nodes) {
      if (node.frame != kNone) frames_.Use(frames_[node.frame]);
    }
    WriteProcess({process, peak, page_tree, nodes}, frames_, &weights_, blocks_.Open());
    places_.push_back(blocks_.place());
    page_.summary.processes.push_back(SummarizeProcess(recording_, i, peak));
    const bool is_told = !page_tree.is_whole() || recording_.processes.size() <= kMostWithTops;
    tops_.push_back(is_told ? TopLines(tree) : Json());
    if (!page_tree.is_whole()) NoteFolding(tree, page_tree);
    if (i == 0 || IsMoreImportant(page_.summary.processes[i], page_.summary.main_process())) {
      page_.summary.main = i;
      page_.main_tree = std::move(tree);
      page_.main_peak = peak;
    }
  }

  // Its part of the budget. Stacks are as many as the nodes to come, or nearly so.
  size_t MaxNodes(const Process& process) const {
    const double part = static_cast<double>(process.stacks.size()) / static_cast<double>(stacks_);
    const double nodes = static_cast<double>(max_megabytes_) * 1e6 / kBytesPerNode * part;
    return std::max(kMinNodes, static_cast<size_t>(nodes));
  }

  // Of very many processes the page adds lines up itself, unless it has only a part of the tree.
  Json TopLines(const CallTree& tree) {
    Json top = Json::array();
    const CallerFinder finder(recording_, tree);
    const int64_t least = tree.nodes[0].total[0].bytes / kCallersShare;
    for (const LineSummary& line : RankLines(recording_, tree)) {
      if (top.size() == kTopLines || line.self.bytes <= 0) break;
      if (line.frame == kNone) continue;
      Json callers = Json::array();
      if (line.self.bytes >= least) {
        for (const Caller& caller : finder.Of(line.frame)) callers.push_back(Used(caller.frame));
      }
      top.push_back({Used(line.frame), line.self.bytes, line.self.count(), line.self.overhead,
                     std::move(callers)});
    }
    return top;
  }

  uint32_t Used(uint32_t frame) {
    frames_.Use(frames_[frame]);
    return frames_[frame];
  }

  void NoteFolding(const CallTree& whole, const PageTree& page_tree) {
    page_.summary.processes.back().warnings.push_back(absl::StrCat(
        "this page is kept to about ", max_megabytes_, " MB: of ",
        FormatCount(static_cast<int64_t>(whole.nodes.size())), " frames in its call tree, the ",
        FormatCount(static_cast<int64_t>(page_tree.folded_nodes)),
        " that hold least stand in boxes that count them. A larger page shows more: heapcrest "
        "report PROFILE --page-size ",
        4 * max_megabytes_));
  }

  const Recording& recording_;
  FrameTable frames_;
  const uint64_t max_megabytes_;
  size_t stacks_ = 0;
  WeightTable weights_;
  BlockWriter blocks_;
  std::vector<Place> places_;
  std::vector<Json> tops_;
  PageData page_;
};

}  // namespace

PageData WritePageData(const Recording& recording, uint64_t max_megabytes) {
  return PageWriter(recording, max_megabytes).Write();
}

}  // namespace heapcrest
