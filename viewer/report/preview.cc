#include "viewer/report/preview.h"

#include <vector>

#include "viewer/report/module_ranks.h"
#include "viewer/report/page_tree.h"
#include "viewer/report/process_columns.h"

namespace heapcrest {
namespace {

constexpr uint32_t kRows = 32;     // of 20 pixels: what a window has room for
constexpr int64_t kPixels = 2048;  // and its width: what is narrower is hardly seen

std::vector<bool> InSight(const CallTree& tree) {
  const int64_t least = tree.nodes[0].total[0].bytes / kPixels;
  std::vector<bool> is_in_sight;
  is_in_sight.reserve(tree.nodes.size());
  for (const CallNode& node : tree.nodes) {
    is_in_sight.push_back(node.depth <= kRows && node.total[0].bytes >= least);
  }
  is_in_sight[0] = true;
  return is_in_sight;
}

}  // namespace

void WritePreview(const Recording& recording, const PageData& page, const nlohmann::json& top,
                  const FrameTable& frames, Packer* out) {
  const std::vector<uint32_t> modules = RankModules(recording, page.main_tree);
  PageTree tree = FoldTree(page.main_tree, InSight(page.main_tree));
  for (CallNode& node : tree.tree.nodes) node.self = {node.self[0]};
  std::vector<bool> is_used(frames.size());
  for (const CallNode& node : tree.tree.nodes) {
    if (node.frame != kNone) is_used[frames[node.frame]] = true;
  }
  for (const uint32_t frame : modules) is_used[frames[frame]] = true;
  for (const nlohmann::json& line : top) {
    is_used[line[0].get<uint32_t>()] = true;
    for (const nlohmann::json& caller : line[4]) is_used[caller.get<uint32_t>()] = true;
  }
  frames.Write(recording, is_used, out);
  WeightTable weights;
  weights.Write(out);
  const Process& process = recording.processes[page.summary.main];
  WriteProcess({process, page.main_peak, tree, {}, modules}, frames, &weights, out);
}

}  // namespace heapcrest
