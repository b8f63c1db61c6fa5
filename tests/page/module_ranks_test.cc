#include "viewer/report/module_ranks.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "tests/page/shapes.h"
#include "viewer/peak.h"

namespace heapcrest {
namespace {

TEST(ModuleRanksTest, EachModuleIsOnceThereAndThoseWithMostNodesFirst) {
  const Recording recording = LargeRecording(5000, 200);
  const Process& process = recording.processes[0];
  const CallTree tree = BuildCallTree(recording, process, FindPeak(process));
  std::map<uint32_t, size_t> nodes;
  for (const CallNode& node : tree.nodes) {
    if (node.frame != kNone) ++nodes[recording.frames[node.frame].module];
  }
  std::set<uint32_t> seen;
  size_t last = tree.nodes.size();
  for (const uint32_t frame : RankModules(recording, tree)) {
    const uint32_t module = recording.frames[frame].module;
    EXPECT_TRUE(seen.insert(module).second);
    EXPECT_LE(nodes.at(module), last);
    last = nodes.at(module);
  }
  EXPECT_EQ(seen.size(), nodes.size());
  EXPECT_GT(seen.size(), 1u);
}

}  // namespace
}  // namespace heapcrest
