#include "profiler/lock_free_table.h"

#include <gtest/gtest.h>

#include <set>
#include <thread>
#include <vector>

namespace heapcrest {
namespace {

TEST(LockFreeTableTest, RemovedKeyIsGoneAndHandsOverItsValue) {
  LockFreeTable table;
  table.Insert(17, 4711);
  uint64_t value = 0;
  EXPECT_TRUE(table.Remove(17, &value));
  EXPECT_EQ(value, 4711u);
  EXPECT_FALSE(table.Remove(17, &value));
  EXPECT_EQ(table.Find(17), LockFreeTable::kNoSlot);
}

TEST(LockFreeTableTest, GetFindsTheValue) {
  LockFreeTable table;
  uint64_t value = 0;
  EXPECT_FALSE(table.Get(17, &value));
  table.Insert(17, 4711);
  EXPECT_TRUE(table.Get(17, &value));
  EXPECT_EQ(value, 4711u);
}

TEST(LockFreeTableTest, SlotsStayWhileTheTableGrows) {
  LockFreeTable table;
  std::vector<uint64_t> slots;
  std::set<uint64_t> distinct;
  for (uint64_t key = 1; key <= 200000; ++key) {
    slots.push_back(table.Insert(key * 16, key));
    distinct.insert(slots.back());
  }
  EXPECT_EQ(distinct.size(), slots.size());
  for (uint64_t key = 1; key <= 200000; ++key) ASSERT_EQ(table.Find(key * 16), slots[key - 1]);
  // Four fifths full before it grows: slot numbers, which the capture holds, stay small.
  EXPECT_LT(*distinct.rbegin(), 200000u * 8);
  table.Clear();
  EXPECT_EQ(table.Find(16), LockFreeTable::kNoSlot);
}

TEST(LockFreeTableTest, RoomOfRemovedKeysIsUsedAgain) {
  LockFreeTable table;
  uint64_t highest = 0, value = 0;
  for (uint64_t key = 1; key <= 1'000'000; ++key) {
    highest = std::max(highest, table.Insert(key * 32, key));
    if (key <= 500) continue;
    ASSERT_TRUE(table.Remove((key - 500) * 32, &value));
  }
  EXPECT_LT(highest, 8000u);
}

TEST(LockFreeTableTest, ThreadsThatRaceForKeysEachRemoveThemOnce) {
  LockFreeTable table;
  constexpr uint64_t kKeys = 20000;
  std::atomic<uint64_t> removed{0}, sum{0};
  std::vector<std::thread> threads;
  for (uint64_t t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (uint64_t key = t + 1; key <= kKeys; key += 4) table.Insert(key, key);
      for (uint64_t key = 1; key <= kKeys; ++key) {
        uint64_t value;
        if (!table.Remove(key, &value)) continue;
        EXPECT_EQ(value, key);
        ++removed;
        sum += value;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  uint64_t value;
  for (uint64_t key = 1; key <= kKeys; ++key) {
    if (table.Remove(key, &value)) ++removed, sum += value;
  }
  EXPECT_EQ(removed, kKeys);
  EXPECT_EQ(sum, kKeys * (kKeys + 1) / 2);
}

}  // namespace
}  // namespace heapcrest
