#include "viewer/report/module_ranks.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "tests/page/shapes.h"
#include "viewer/peak.h"

namespace heapcrest {
namespace {

TEST(ModuleRanksTest, EachModuleIsOnceThereAndThoseWithMostBytesFirst) {
  const Recording recording = LargeRecording(5000, 200);
  const Process& process = recording.processes[0];
  const CallTree tree = BuildCallTree(recording, process, FindPeak(process));
  std::map<uint32_t, int64_t> bytes;  // with what it called, each tower once
  for (const CallNode& node : tree.nodes) {
    if (node.frame == kNone) continue;
    const uint32_t module = recording.frames[node.frame].module;
    const uint32_t caller = tree.nodes[node.parent].frame;
    const bool is_inside = caller != kNone && recording.frames[caller].module == module;
    bytes[module] += is_inside ? 0 : node.total[0].bytes;
  }
  std::set<uint32_t> seen;
  int64_t last = INT64_MAX;
  for (const uint32_t frame : RankModules(recording, tree)) {
    const uint32_t module = recording.frames[frame].module;
    EXPECT_TRUE(seen.insert(module).second);
    EXPECT_LE(bytes.at(module), last);
    last = bytes.at(module);
  }
  EXPECT_EQ(seen.size(), bytes.size());
  EXPECT_GT(seen.size(), 1u);
}

}  // namespace
}  // namespace heapcrest
