#include "viewer/stack_tree.h"

#include <gtest/gtest.h>

namespace heapcrest {
namespace {

TEST(StackTreeTest, EqualFramesUnderOneParentAreOneNode) {
  Process process;
  StackTree tree(&process);
  const uint32_t a = tree.Child(0, 0, 0x10);
  const uint32_t b = tree.Child(a, 0, 0x20);
  EXPECT_EQ(tree.Child(0, 0, 0x10), a);
  EXPECT_EQ(tree.Child(a, 0, 0x20), b);
  EXPECT_NE(tree.Child(0, 0, 0x20), b);
  EXPECT_EQ(process.locations.size(), 2u);
  EXPECT_EQ(process.stacks.size(), 4u);
  EXPECT_EQ(process.stacks[b].parent, a);
}

TEST(StackTreeTest, AnAddressInAnotherEpochIsAnotherLocation) {
  Process process;
  StackTree tree(&process);
  const uint32_t before = tree.Child(0, 0, 0x10);
  EXPECT_NE(tree.Child(0, 1, 0x10), before);
  EXPECT_EQ(process.locations.size(), 2u);
}

TEST(StackTreeTest, GapsOfOnePlaceShareANodeWithTheLargestNumber) {
  Process process;
  StackTree tree(&process);
  const uint32_t parent = tree.Child(0, 0, 0x10);
  const uint32_t gap = tree.Gap(parent, 5);
  EXPECT_EQ(tree.Gap(parent, 9), gap);
  EXPECT_EQ(tree.Gap(parent, 2), gap);
  EXPECT_EQ(process.stacks[gap].omitted, 9u);
  EXPECT_EQ(process.stacks[gap].location, kNone);
}

TEST(StackTreeTest, LostStacksHaveOneNodeThatIsNoGap) {
  Process process;
  StackTree tree(&process);
  const uint32_t gap = tree.Gap(0, 1);
  const uint32_t lost = tree.Lost();
  EXPECT_NE(lost, gap);
  EXPECT_EQ(tree.Lost(), lost);
  EXPECT_EQ(process.stacks[lost].omitted, 0u);
}

}  // namespace
}  // namespace heapcrest
