#include "viewer/symbols/range_index.h"

#include <gtest/gtest.h>

namespace heapcrest {
namespace {

TEST(RangeIndexTest, InnermostRangeWins) {
  RangeIndex index;
  index.Add(100, 200, 1);
  index.Add(120, 180, 2);
  index.Add(130, 140, 3);
  index.Sort();
  EXPECT_EQ(index.Find(110), 1u);
  EXPECT_EQ(index.Find(125), 2u);
  EXPECT_EQ(index.Find(135), 3u);
  EXPECT_EQ(index.Find(150), 2u);
  EXPECT_EQ(index.Find(190), 1u);
}

TEST(RangeIndexTest, EndIsOutside) {
  RangeIndex index;
  index.Add(100, 200, 1);
  index.Sort();
  EXPECT_EQ(index.Find(99), std::nullopt);
  EXPECT_EQ(index.Find(100), 1u);
  EXPECT_EQ(index.Find(199), 1u);
  EXPECT_EQ(index.Find(200), std::nullopt);
}

TEST(RangeIndexTest, OverlappingRangesAreBothFound) {
  RangeIndex index;
  index.Add(100, 200, 1);
  index.Add(150, 250, 2);
  index.Sort();
  EXPECT_EQ(index.Find(120), 1u);
  EXPECT_EQ(index.Find(160), 2u);
  EXPECT_EQ(index.Find(240), 2u);
}

TEST(RangeIndexTest, FirstOfEqualRangesWins) {
  RangeIndex index;
  index.Add(100, 200, 1);
  index.Add(100, 200, 2);
  index.Sort();
  EXPECT_EQ(index.Find(150), 1u);
}

TEST(RangeIndexTest, DiscardedAndInvertedRangesAreLeftOut) {
  RangeIndex index;
  index.Add(0, 5000, 1);
  index.Add(1, 5000, 2);
  index.Add(300, 200, 3);
  index.Sort();
  EXPECT_EQ(index.size(), 0u);
  EXPECT_EQ(index.Find(250), std::nullopt);
}

TEST(RangeIndexTest, AMillionNestedRangesAreSearchedInBoundedTime) {
  RangeIndex index;
  constexpr uint64_t kDepth = 1'000'000;
  for (uint64_t i = 2; i < kDepth; ++i) index.Add(i, 3 * kDepth - i, i);
  index.Sort();
  EXPECT_EQ(index.Find(kDepth), kDepth - 1);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(index.Find(3 * kDepth), std::nullopt);
}

}  // namespace
}  // namespace heapcrest
