#include "viewer/stack_chain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace heapcrest {
namespace {

using testing::ElementsAre;

class StackChainTest : public testing::Test {
 protected:
  // The node of a stack that shares `shared` frames and has these behind them.
  uint32_t Next(StackChain::Head head, const std::vector<int64_t>& deltas) {
    EXPECT_TRUE(chain_.Begin(head));
    for (const int64_t delta : deltas) chain_.AddFrame(delta);
    uint32_t stack = kNone;
    EXPECT_TRUE(chain_.End(&stack));
    return stack;
  }

  // The addresses from the root; gaps are 0.
  std::vector<uint64_t> Addresses(uint32_t stack) const {
    std::vector<uint64_t> addresses;
    for (; stack != 0; stack = process_.stacks[stack].parent) {
      const uint32_t location = process_.stacks[stack].location;
      addresses.insert(addresses.begin(),
                       location == kNone ? 0 : process_.locations[location].address);
    }
    return addresses;
  }

  Process process_;
  StackTree tree_{&process_};
  StackChain chain_{&tree_};
};

TEST_F(StackChainTest, SharedFramesAreThoseOfTheStackBefore) {
  EXPECT_THAT(Addresses(Next({0, 0, 0, 0}, {100, 10, -5})), ElementsAre(100, 110, 105));
  EXPECT_THAT(Addresses(Next({0, 0, 0, 2}, {7})), ElementsAre(100, 110, 117));
  EXPECT_THAT(Addresses(Next({0, 0, 0, 1}, {})), ElementsAre(100));
  EXPECT_EQ(process_.stacks.size(), 5u);
}

TEST_F(StackChainTest, MoreSharedFramesThanThereWereMakeNoSense) {
  Next({0, 0, 0, 0}, {1, 1});
  EXPECT_FALSE(chain_.Begin({0, 0, 0, 3}));
  chain_.Restart();
  EXPECT_FALSE(chain_.Begin({0, 0, 0, 1}));
}

TEST_F(StackChainTest, AGapStandsBehindItsFrames) {
  EXPECT_THAT(Addresses(Next({0, 50, 2, 0}, {1, 1, 1})), ElementsAre(1, 2, 0, 3));
  EXPECT_THAT(Addresses(Next({0, 60, 2, 3}, {1})), ElementsAre(1, 2, 0, 3, 4));
  EXPECT_THAT(Addresses(Next({0, 60, 5, 4}, {1})), ElementsAre(1, 2, 3, 4, 5, 0));
}

TEST_F(StackChainTest, SharedFramesBehindAGapAreFoundAnewWhenItMovesOrGoes) {
  Next({0, 50, 1, 0}, {1, 1, 1});
  EXPECT_THAT(Addresses(Next({0, 0, 0, 3}, {})), ElementsAre(1, 2, 3));
  EXPECT_THAT(Addresses(Next({0, 50, 2, 3}, {})), ElementsAre(1, 2, 0, 3));
}

TEST_F(StackChainTest, AGapThatIsSharedGrows) {
  const uint32_t stack = Next({0, 5, 1, 0}, {100, 10});
  const uint32_t gap = process_.stacks[stack].parent;
  EXPECT_EQ(process_.stacks[gap].omitted, 5u);
  EXPECT_EQ(Next({0, 9, 1, 2}, {}), stack);
  EXPECT_EQ(process_.stacks[gap].omitted, 9u);
}

TEST_F(StackChainTest, AGapBehindTheEndMakesNoSense) {
  ASSERT_TRUE(chain_.Begin({0, 1, 2, 0}));
  chain_.AddFrame(1);
  uint32_t stack;
  EXPECT_FALSE(chain_.End(&stack));
}

TEST_F(StackChainTest, AnotherEpochHasOtherLocations) {
  Next({0, 0, 0, 0}, {1, 1});
  const uint32_t stack = Next({1, 0, 0, 2}, {1});
  EXPECT_THAT(Addresses(stack), ElementsAre(1, 2, 3));
  EXPECT_EQ(process_.locations.size(), 5u);
}

TEST_F(StackChainTest, AStackWithoutFramesHasNoNode) { EXPECT_EQ(Next({0, 0, 0, 0}, {}), kNone); }

// A record of a few bytes that shares thousands of frames behind a moving gap, again and again.
TEST_F(StackChainTest, SharingCannotBeUsedToFillOurMemory) {
  Next({0, 0, 0, 0}, std::vector<int64_t>(4000, 1));
  for (uint64_t gap = 0; gap < 2000; ++gap) Next({0, 1, gap, 4000}, {});
  EXPECT_LT(process_.stacks.size(), 3'000'000u);
  EXPECT_EQ(Next({0, 1, 1, 4000}, {}), kNone);
  EXPECT_EQ(Next({0, 1, 1, 0}, {1}), kNone);  // once too much, it stays so
}

}  // namespace
}  // namespace heapcrest
