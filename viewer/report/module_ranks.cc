#include "viewer/report/module_ranks.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace heapcrest {

std::vector<uint32_t> RankModules(const Recording& recording, const CallTree& tree) {
  struct Module {
    uint32_t frame;
    int64_t bytes;  // at the peak, with all that it called
    size_t nodes;
  };
  std::vector<Module> modules;
  std::vector<uint32_t> place(recording.strings.size(), kNone);  // by text
  for (const CallNode& node : tree.nodes) {
    if (node.frame == kNone) continue;
    uint32_t& at = place[recording.frames[node.frame].module];
    if (at == kNone) {
      at = static_cast<uint32_t>(modules.size());
      modules.push_back({node.frame, 0, 0});
    }
    ++modules[at].nodes;
    const uint32_t caller = tree.nodes[node.parent].frame;
    if (caller != kNone && recording.frames[caller].module == recording.frames[node.frame].module) {
      continue;
    }
    modules[at].bytes += node.total[0].bytes;
  }
  std::stable_sort(modules.begin(), modules.end(), [](const Module& a, const Module& b) {
    return std::pair(a.bytes, a.nodes) > std::pair(b.bytes, b.nodes);
  });
  std::vector<uint32_t> frames;
  frames.reserve(modules.size());
  for (const Module& module : modules) frames.push_back(module.frame);
  return frames;
}

}  // namespace heapcrest
