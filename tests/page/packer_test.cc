#include "viewer/report/packer.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

namespace heapcrest {
namespace {

size_t BytesOf(const std::vector<int64_t>& values) {
  Packer packer;
  packer.Column(values);
  return packer.size();
}

TEST(PackerTest, AColumnTakesAsManyBytesAsItsLargestNumberNeeds) {
  EXPECT_EQ(BytesOf({}), 1u);
  EXPECT_EQ(BytesOf({0, 255}), 1 + 2u);
  EXPECT_EQ(BytesOf({-128, 127}), 1 + 2u);
  EXPECT_EQ(BytesOf({0, 256}), 1 + 4u);
  EXPECT_EQ(BytesOf({-1, 128}), 1 + 4u);
  EXPECT_EQ(BytesOf({-1, 65'535}), 1 + 8u);
  EXPECT_EQ(BytesOf({0, std::numeric_limits<uint32_t>::max()}), 1 + 16u);
}

TEST(PackerTest, ANumberIsAColumnOfOne) {
  Packer packer;
  packer.Number(513);
  EXPECT_EQ(packer.bytes(), std::string("\2\1\2", 3));
}

TEST(PackerTest, DeltasAreDifferencesOfNeighbours) {
  Packer packer;
  packer.Deltas(std::vector<uint32_t>{7, 9, 4}, std::identity());
  EXPECT_EQ(packer.bytes(), "\1\7\2\xfb");
}

TEST(PackerTest, DeltasOfHostileNumbersWrapAround) {
  constexpr auto kLeast = std::numeric_limits<int64_t>::min();
  constexpr auto kMost = std::numeric_limits<int64_t>::max();
  Packer packer, wrapped;
  packer.Deltas(std::vector<int64_t>{0, kLeast, kMost}, std::identity());
  wrapped.Column({0, kLeast, -1});
  EXPECT_EQ(packer.bytes(), wrapped.bytes());
}

}  // namespace
}  // namespace heapcrest
