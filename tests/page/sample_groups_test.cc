#include "viewer/report/sample_groups.h"

#include <gtest/gtest.h>

#include "tests/page/grouped.h"
#include "tests/page/shapes.h"

namespace heapcrest {
namespace {

TEST(SampleGroupsTest, GroupsHoldEverySampleOnce) {
  const Grouped g(LargeRecording(5000, 200));
  size_t samples = 0;
  for (const SampleGroup& group : g.groups) samples += group.times;
  EXPECT_EQ(samples, g.recording.processes[0].samples.size());
}

TEST(SampleGroupsTest, TheTreeNeedsNoCorrections) {
  EXPECT_TRUE(Grouped(LargeRecording(5000, 200)).corrections.empty());
  EXPECT_TRUE(Grouped(TinyRecording()).corrections.empty());
  EXPECT_TRUE(Grouped(HostileRecording()).corrections.empty());
}

TEST(SampleGroupsTest, LiveAtTheEndEqualsTheView) {
  const Grouped g(LargeRecording(5000, 200), 5);
  int64_t live = 0;
  for (const SampleGroup& group : g.groups) {
    if (group.died == g.moments.size()) live += group.times;
  }
  EXPECT_EQ(live, g.peak.total[1].samples);
}

TEST(SampleGroupsTest, EqualSamplesMakeOneGroup) {
  const Grouped g(TinyRecording());
  EXPECT_LT(g.groups.size(), 2000u);
}

TEST(SampleGroupsTest, WhatTheTreeHoldsBeyondItsSamplesIsACorrection) {
  Grouped g(LargeRecording(500, 50));
  g.tree.nodes[3].self[1].bytes += 7;
  const std::vector<Correction> corrections =
      CorrectionsFor(g.recording.processes[0], g.tree, g.nodes, g.peak, g.timeline);
  ASSERT_EQ(corrections.size(), 1u);
  EXPECT_EQ(corrections[0].node, 3u);
  EXPECT_EQ(corrections[0].view, 1u);
  EXPECT_EQ(corrections[0].amount.bytes, 7);
}

TEST(SampleGroupsTest, AllocatorFramesAreFoldedAsTheTreeFoldsThem) {
  Recording recording;
  Process process;
  process.interval_bytes = 1;
  process.stacks.push_back({});
  for (const char* name : {"main", "operator new(unsigned long)", "malloc"}) {
    const uint32_t id = static_cast<uint32_t>(process.locations.size());
    recording.frames.push_back({recording.strings.Intern(name), 0, 0, 0});
    process.locations.push_back({0, id, id, 1});
    process.stacks.push_back({id, id, 0});
  }
  process.samples = {{100, 1, kStillLive, 3, 0}, {50, 2, kStillLive, 1, 0}};
  recording.processes.push_back(process);
  const Grouped g(std::move(recording));
  EXPECT_TRUE(g.corrections.empty());
  EXPECT_EQ(g.nodes, (std::vector<uint32_t>{1, 1}));
}

}  // namespace
}  // namespace heapcrest
