#include "profiler/python/pools.h"

#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <vector>

namespace heapcrest {
namespace {

constexpr size_t kArena = size_t{1} << 20;  // since 3.10
constexpr size_t kPool = size_t{1} << 14;
constexpr size_t kOldArena = size_t{1} << 18;
constexpr size_t kOldPool = size_t{1} << 12;

class PythonPoolsTest : public testing::Test {
 protected:
  PythonPoolsTest() : memory_(4 * kArena), pools_(std::make_unique<PythonPools>()) {
    const auto address = reinterpret_cast<uintptr_t>(memory_.data());
    start_ = memory_.data() + (kArena - address % kArena);
  }

  void SetClass(uint8_t* pool, uint32_t size_class) {
    std::memcpy(pool + 36, &size_class, sizeof(size_class));
  }

  std::vector<uint8_t> memory_;
  uint8_t* start_;  // at a multiple of an arena's size
  std::unique_ptr<PythonPools> pools_;
};

TEST_F(PythonPoolsTest, HoldTheBlocksOfAnArenaAndNoOthers) {
  ASSERT_TRUE(pools_->Add(start_, kArena));
  EXPECT_TRUE(pools_->Hold(start_ + 48));
  EXPECT_TRUE(pools_->Hold(start_ + kArena - 16));
  EXPECT_FALSE(pools_->Hold(start_ - 16));
  EXPECT_FALSE(pools_->Hold(start_ + kArena));
  EXPECT_FALSE(pools_->Hold(nullptr));
  EXPECT_FALSE(pools_->Hold(&start_));
}

TEST_F(PythonPoolsTest, AnArenaBetweenTheBoundsOfPoolsHasOneLess) {
  ASSERT_TRUE(pools_->Add(start_ + 4096, kArena));
  EXPECT_FALSE(pools_->Hold(start_ + 4096));
  EXPECT_TRUE(pools_->Hold(start_ + kPool));
  EXPECT_TRUE(pools_->Hold(start_ + kArena - 16));
  EXPECT_FALSE(pools_->Hold(start_ + kArena));
}

TEST_F(PythonPoolsTest, AnArenaThatIsGoneLeavesItsNeighbours) {
  ASSERT_TRUE(pools_->Add(start_, kArena));
  ASSERT_TRUE(pools_->Add(start_ + kArena, kArena));
  pools_->Remove(start_, kArena);
  EXPECT_FALSE(pools_->Hold(start_ + kArena - 16));
  EXPECT_TRUE(pools_->Hold(start_ + kArena));
}

TEST_F(PythonPoolsTest, APoolSaysTheClassOfItsObjects) {
  ASSERT_TRUE(pools_->Add(start_, kArena));
  SetClass(start_, 1);
  SetClass(start_ + kPool, 31);
  EXPECT_EQ(pools_->ClassOf(start_ + 48), 1u);
  EXPECT_EQ(pools_->ClassOf(start_ + kPool - 32), 1u);
  EXPECT_EQ(pools_->ClassOf(start_ + kPool + 48), 31u);
  EXPECT_TRUE(pools_->Fit(start_ + 48, 32));
  EXPECT_TRUE(pools_->Fit(start_ + 48, 16));  // made smaller where it stands
  EXPECT_FALSE(pools_->Fit(start_ + 48, 33));
  EXPECT_FALSE(pools_->Fit(start_ - 16, 32));
}

TEST_F(PythonPoolsTest, ArenasAndPoolsBefore310AreSmaller) {
  ASSERT_TRUE(pools_->Add(start_, kOldArena));
  SetClass(start_, 1);
  SetClass(start_ + kOldPool, 2);
  EXPECT_EQ(pools_->ClassOf(start_ + 48), 1u);
  EXPECT_EQ(pools_->ClassOf(start_ + kOldPool + 48), 2u);
  EXPECT_TRUE(pools_->Hold(start_ + kOldArena - 16));
  EXPECT_FALSE(pools_->Hold(start_ + kOldArena));
}

TEST_F(PythonPoolsTest, WhatIsNoArenaIsNotHeld) {
  EXPECT_TRUE(pools_->Add(start_, kPool));
  EXPECT_FALSE(pools_->Hold(start_ + 48));
  ASSERT_TRUE(pools_->Add(start_ + kArena, kArena));
  EXPECT_TRUE(pools_->Add(start_, kOldArena));  // an interpreter has one kind
  EXPECT_FALSE(pools_->Hold(start_ + 48));
  EXPECT_TRUE(pools_->Hold(start_ + kArena + 48));
  pools_->Remove(start_ + kArena, kPool);
  EXPECT_TRUE(pools_->Hold(start_ + kArena + 48));
}

}  // namespace
}  // namespace heapcrest
