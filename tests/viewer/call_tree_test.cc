#include "viewer/call_tree.h"

#include <gtest/gtest.h>

#include "profiler/format/record.h"
#include "tests/viewer/recording_builder.h"
#include "viewer/peak.h"

namespace heapcrest {
namespace {

CallTree TreeOf(const Recording& recording, size_t process = 0) {
  const Process& p = recording.processes[process];
  return BuildCallTree(recording, p, FindPeak(p));
}

// One line a node: indentation for depth, name, total and self bytes at the peak.
std::string Drawn(const Recording& recording, const CallTree& tree) {
  std::string text;
  for (const CallNode& node : tree.nodes) {
    std::string name = "root";
    if (node.frame != kNone) {
      const Frame& frame = recording.frames[node.frame];
      name = recording.strings[frame.function];
      if (frame.line != 7) name += ":" + std::to_string(frame.line);
    } else if (node.omitted > 0) {
      name = "gap of " + std::to_string(node.omitted);
    }
    text += std::string(node.depth, ' ') + name + " " + std::to_string(node.total[0].bytes) + " " +
            std::to_string(node.self[0].bytes) + "\n";
  }
  return text;
}

TEST(CallTreeTest, StacksThatShareCallersShareNodes) {
  const Recording recording = RecordingBuilder()
                                  .Sample({"main", "f"}, 100, 1)
                                  .Sample({"main", "g"}, 300, 2)
                                  .Sample({"main"}, 5, 3)
                                  .Build();
  EXPECT_EQ(Drawn(recording, TreeOf(recording)),
            "root 405 0\n main 405 5\n  g 300 300\n  f 100 100\n");
}

TEST(CallTreeTest, InlinedFramesAreNodesInnermostDeepest) {
  const Recording recording = RecordingBuilder().Sample({"main", "inner@outer@real"}, 8, 1).Build();
  EXPECT_EQ(Drawn(recording, TreeOf(recording)),
            "root 8 0\n main 8 0\n  real 8 0\n   outer 8 0\n    inner 8 8\n");
}

// Where the loop itself allocates, too.
TEST(CallTreeTest, WhatIsInlinedIntoAnEvaluationLoopFollowsTheFramesThatItRuns) {
  Recording recording = RecordingBuilder()
                            .Sample({"start", "append@loop", "module", "build", "resize"}, 8, 1)
                            .Sample({"start", "append@loop", "module", "build"}, 5, 2)
                            .Sample({"start", "append@loop"}, 3, 3)
                            .Build();
  for (Location& location : recording.processes[0].locations) {
    const Frame& innermost = recording.frames[location.first_frame];
    const std::string_view name = recording.strings[innermost.function];
    if (name == "append") location.in_evaluation = 1;
    if (name == "module" || name == "build") location.address |= kPythonFrameBit;
  }
  EXPECT_EQ(Drawn(recording, TreeOf(recording)),
            "root 16 0\n start 16 0\n  loop 16 0\n   module 13 0\n    build 13 0\n"
            "     append 13 5\n      resize 8 8\n   append 3 3\n");
}

TEST(CallTreeTest, DifferentLinesAreDifferentNodesEqualFramesAreOne) {
  // "x@f:1" and "y@f:1" are two locations whose outer frames are equal.
  const Recording recording = RecordingBuilder()
                                  .Sample({"x@f:1"}, 40, 1)
                                  .Sample({"y@f:1"}, 30, 2)
                                  .Sample({"f:2"}, 20, 3)
                                  .Build();
  EXPECT_EQ(Drawn(recording, TreeOf(recording)),
            "root 90 0\n f:1 70 0\n  x 40 40\n  y 30 30\n f:2 20 20\n");
}

TEST(CallTreeTest, AllocatorLeavesFoldIntoTheirCaller) {
  const Recording recording = RecordingBuilder()
                                  .Sample({"main", "operator new(unsigned long)", "malloc"}, 64, 1)
                                  .Sample({"main", "malloc", "callback"}, 32, 2)
                                  .Build();
  EXPECT_EQ(Drawn(recording, TreeOf(recording)),
            "root 96 0\n main 96 64\n  malloc 32 0\n   callback 32 32\n");
}

TEST(CallTreeTest, WhatAWrapperCallsWithoutANameFoldsWithIt) {
  const Recording recording = RecordingBuilder()
                                  .Sample({"main", "palloc", "0x1234", "malloc"}, 64, 1)
                                  .Sample({"main", "work", "0x5678", "malloc"}, 32, 2)
                                  .Build();
  EXPECT_EQ(Drawn(recording, TreeOf(recording)),
            "root 96 0\n main 96 64\n  work 32 0\n   0x5678 32 32\n");
}

TEST(CallTreeTest, AStackOfNothingButAnAllocatorKeepsItsOutermostFrame) {
  const Recording recording = RecordingBuilder().Sample({"calloc", "malloc"}, 64, 1).Build();
  EXPECT_EQ(Drawn(recording, TreeOf(recording)), "root 64 0\n calloc 64 64\n");
}

TEST(CallTreeTest, GapsAndLostStacksAreNodes) {
  RecordingBuilder builder;
  builder.Sample({"main", "...9", "leaf"}, 16, 1).Sample({"main"}, 4, 2);
  Recording recording = builder.Build();
  recording.lost_stack_frame = static_cast<uint32_t>(recording.frames.size());
  recording.frames.push_back({recording.strings.Intern("[stack lost]"), 0, 7, 0});
  Process& process = recording.processes[0];
  process.samples[1].stack = static_cast<uint32_t>(process.stacks.size());
  process.stacks.emplace_back();
  EXPECT_EQ(Drawn(recording, TreeOf(recording)),
            "root 20 0\n main 16 0\n  gap of 9 16 0\n   leaf 16 16\n [stack lost] 4 4\n");
}

TEST(CallTreeTest, HeaviestAtThePeakFirstThenAtTheEndThenInTotal) {
  const Recording recording = RecordingBuilder()
                                  .Sample({"total"}, 70, 1, 2)
                                  .Sample({"less"}, 60, 3, 4)
                                  .Sample({"peak"}, 1000, 5, 6)
                                  .Sample({"end"}, 50, 7)
                                  .Build();
  EXPECT_EQ(Drawn(recording, TreeOf(recording)),
            "root 1000 0\n peak 1000 1000\n end 0 0\n total 0 0\n less 0 0\n");
}

TEST(CallTreeTest, NodesWithoutSamplesAreLeftOut) {
  Recording recording = RecordingBuilder().Sample({"main", "f"}, 1, 1).Build();
  recording.processes[0].stacks.push_back({1, 1, 0});
  EXPECT_EQ(TreeOf(recording).nodes.size(), 3u);
}

TEST(CallTreeTest, InvariantsHoldForRandomRecordings) {
  for (uint64_t seed = 0; seed < 100; ++seed) {
    const Recording recording = RandomRecording(seed);
    for (size_t p = 0; p < recording.processes.size(); ++p) {
      const CallTree tree = TreeOf(recording, p);
      const Peak peak = FindPeak(recording.processes[p]);
      for (size_t view = 0; view < kViewCount; ++view) {
        EXPECT_EQ(tree.nodes[0].total[view].bytes, peak.total[view].bytes);
        EXPECT_EQ(tree.nodes[0].total[view].count_q16, peak.total[view].count_q16);
      }
      for (uint32_t i = 0; i < tree.nodes.size(); ++i) {
        const CallNode& node = tree.nodes[i];
        int64_t bytes = node.self[0].bytes, before = INT64_MAX;
        for (uint32_t c = i + 1; c < node.subtree_end; c = tree.nodes[c].subtree_end) {
          EXPECT_EQ(tree.nodes[c].parent, i);
          EXPECT_EQ(tree.nodes[c].depth, node.depth + 1);
          EXPECT_LE(tree.nodes[c].total[0].bytes, before);
          before = tree.nodes[c].total[0].bytes;
          bytes += before;
        }
        EXPECT_EQ(bytes, node.total[0].bytes);
      }
    }
  }
}

TEST(CallTreeTest, AStackOfAHundredThousandFramesIsNoTrouble) {
  std::vector<std::string> functions;
  for (int i = 0; i < 100'000; ++i) functions.push_back("f:" + std::to_string(i + 10));
  const Recording recording = RecordingBuilder().Sample(functions, 8, 1).Build();
  const CallTree tree = TreeOf(recording);
  ASSERT_EQ(tree.nodes.size(), 100'001u);
  EXPECT_EQ(tree.nodes.back().depth, 100'000u);
  EXPECT_EQ(tree.nodes[0].subtree_end, 100'001u);
}

TEST(CallTreeTest, EveryOneOfManyStacksHasItsNode) {
  constexpr int kStacks = 200'000;
  RecordingBuilder builder;
  for (int i = 0; i < kStacks; ++i) {
    builder.Sample({"main", "f:" + std::to_string(i % 500 + 10), "g:" + std::to_string(i + 10)}, 8,
                   static_cast<uint64_t>(i));
  }
  EXPECT_EQ(TreeOf(builder.Build()).nodes.size(), size_t{kStacks} + 502);
}

}  // namespace
}  // namespace heapcrest
