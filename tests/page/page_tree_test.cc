#include "viewer/report/page_tree.h"

#include <gtest/gtest.h>

#include "tests/page/shapes.h"
#include "viewer/peak.h"

namespace heapcrest {
namespace {

CallTree LargeTree() {
  static const Recording* const recording = new Recording(LargeRecording(3000, 200));
  const Process& process = recording->processes[0];
  return BuildCallTree(*recording, process, FindPeak(process));
}

TEST(PageTreeTest, ASmallTreeStaysWhole) {
  const CallTree tree = LargeTree();
  const PageTree page = MakePageTree(tree, tree.nodes.size());
  EXPECT_TRUE(page.is_whole());
  EXPECT_EQ(page.tree.nodes.size(), tree.nodes.size());
  for (uint32_t i = 0; i < page.place.size(); ++i) EXPECT_EQ(page.place[i], i);
}

TEST(PageTreeTest, NothingIsLostAndNoMoreThanAskedForStays) {
  const CallTree tree = LargeTree();
  for (const size_t most : {1, 10, 500, 3000}) {
    const PageTree page = MakePageTree(tree, most);
    EXPECT_LE(page.tree.nodes.size(), most + 1);
    Amounts held;
    for (const CallNode& node : page.tree.nodes) {
      for (size_t view = 0; view < kViewCount; ++view) held[view] += node.self[view];
    }
    for (size_t view = 0; view < kViewCount; ++view) {
      EXPECT_EQ(held[view].bytes, tree.nodes[0].total[view].bytes);
      EXPECT_EQ(held[view].samples, tree.nodes[0].total[view].samples);
    }
    size_t boxed = 0;
    for (const uint32_t count : page.folded) boxed += count;
    EXPECT_EQ(boxed, page.folded_nodes);
    EXPECT_GT(boxed, 0u);
  }
}

TEST(PageTreeTest, SubtreesStayRunsUnderTheirParents) {
  const PageTree page = MakePageTree(LargeTree(), 500);
  const std::vector<CallNode>& nodes = page.tree.nodes;
  for (uint32_t i = 1; i < nodes.size(); ++i) {
    ASSERT_LT(nodes[i].parent, i);
    EXPECT_LE(nodes[i].subtree_end, nodes[nodes[i].parent].subtree_end);
    EXPECT_EQ(nodes[i].depth, nodes[nodes[i].parent].depth + 1);
    if (page.folded[i] == 0) continue;
    EXPECT_EQ(nodes[i].subtree_end, nodes[nodes[i].parent].subtree_end);
  }
}

TEST(PageTreeTest, EachNodeIsInItsPlaceOrInABoxAboveIt) {
  const CallTree tree = LargeTree();
  const PageTree page = MakePageTree(tree, 500);
  for (uint32_t i = 1; i < tree.nodes.size(); ++i) {
    const uint32_t place = page.place[i];
    if (page.folded[place] > 0) continue;
    EXPECT_EQ(page.tree.nodes[place].frame, tree.nodes[i].frame);
    EXPECT_EQ(page.tree.nodes[place].total[0].bytes, tree.nodes[i].total[0].bytes);
  }
}

TEST(PageTreeTest, WhatIsHeavyInAnyViewStays) {
  CallTree tree = LargeTree();
  CallNode& last = tree.nodes.back();
  const int64_t more = tree.nodes[0].total[1].bytes;
  last.self[1].bytes += more;
  for (uint32_t i = static_cast<uint32_t>(tree.nodes.size() - 1); i != kNone;) {
    tree.nodes[i].total[1].bytes += more;
    i = tree.nodes[i].parent;
  }
  const PageTree page = MakePageTree(tree, 500);
  EXPECT_EQ(page.folded[page.place.back()], 0u);
}

}  // namespace
}  // namespace heapcrest
