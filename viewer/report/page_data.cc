#include "viewer/report/page_data.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "viewer/callers.h"
#include "viewer/report/module_ranks.h"
#include "viewer/report/page_index.h"
#include "viewer/report/page_tree.h"
#include "viewer/report/preview.h"
#include "viewer/report/process_columns.h"
#include "viewer/report/sample_groups.h"
#include "viewer/units.h"

namespace heapcrest {
namespace {

using Json = nlohmann::json;

// Small processes share a block: 100,000 of them must not become 100,000 elements.
constexpr size_t kBlockBytes = 256 * 1024;
constexpr size_t kTopLines = 5;
constexpr int64_t kTelling = 2000;     // a smaller part would be shown as 0.0 %
constexpr int64_t kCallersShare = 10;  // a line with less of the peak is not worth its callers
constexpr size_t kMostWithTops = 100;  // processes
constexpr double kBytesPerNode = 8;    // with its part of samples and names
constexpr size_t kNodesWithPreview = 10'000;  // fewer are opened as fast
constexpr size_t kMinNodes = 300;             // however many processes share the page

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
  ColumnsPlace place() const { return place_; }

  void Close() {
    markup_ += Element("heapcrest-trees-" + std::to_string(count_++), block_.bytes());
    block_.Clear();
  }
  const std::string& markup() const { return markup_; }

 private:
  Packer block_;
  ColumnsPlace place_ = {};
  size_t count_ = 0;
  std::string markup_;
};

// Writes processes one by one: only what is written is kept of each.
class PageWriter {
 public:
  PageWriter(const Recording& recording, uint64_t max_megabytes)
      : recording_(recording),
        frames_(recording),
        is_used_(frames_.size()),
        max_megabytes_(max_megabytes) {
    for (const Process& process : recording.processes) stacks_ += process.stacks.size();
  }

  PageData Write() {
    for (uint32_t i = 0; i < recording_.processes.size(); ++i) WriteOne(i);
    blocks_.Close();
    page_.summary.lines = RankLines(recording_, page_.main_tree);
    Explain(recording_, page_.main_peak, page_.main_tree, &page_.summary);
    page_.summary.warnings = recording_.warnings;
    Packer shared;
    frames_.Write(recording_, is_used_, &shared);
    weights_.Write(&shared);
    const Json index = PageIndex(recording_, page_.summary, places_, tops_);
    std::string preview;
    if (HasPreview()) {
      Packer columns;
      WritePreview(recording_, page_, tops_[page_.summary.main], frames_, &columns);
      preview = Element("heapcrest-preview", columns.bytes());
    }
    page_.blocks = Element("heapcrest-index", index.dump()) + preview +
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
      if (node.frame != kNone) Used(node.frame);
    }
    const std::vector<uint32_t> modules = RankModules(recording_, tree);
    for (const uint32_t frame : modules) Used(frame);
    WriteProcess({process, peak, page_tree, nodes, modules}, frames_, &weights_, blocks_.Open());
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
      if (!top.empty() && line.self.bytes * kTelling < tree.nodes[0].total[0].bytes) break;
      if (line.frame == kNone) continue;
      Json frames = Json::array();
      std::vector<Caller> callers;
      if (line.self.bytes >= least) callers = finder.Of(line.frame);
      for (const Caller& caller : callers) frames.push_back(Used(caller.frame));
      top.push_back({Used(line.frame), line.self.bytes, line.self.count(), line.self.overhead,
                     std::move(frames), CalledBy(callers, line.self.bytes)});
    }
    return top;
  }

  bool HasPreview() const {
    return page_.main_tree.nodes.size() >= kNodesWithPreview &&
           !tops_[page_.summary.main].is_null();
  }

  // Its number on the page.
  uint32_t Used(uint32_t frame) {
    is_used_[frames_[frame]] = true;
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
  const FrameTable frames_;
  std::vector<bool> is_used_;  // by the page's number
  const uint64_t max_megabytes_;
  size_t stacks_ = 0;
  WeightTable weights_;
  BlockWriter blocks_;
  std::vector<ColumnsPlace> places_;
  std::vector<Json> tops_;
  PageData page_;
};

}  // namespace

PageData WritePageData(const Recording& recording, uint64_t max_megabytes) {
  return PageWriter(recording, max_megabytes).Write();
}

}  // namespace heapcrest
