#include "profiler/python/object_counter.h"

#include <gtest/gtest.h>

#include <random>

namespace heapcrest {
namespace {

TEST(ObjectCounterTest, CountsObjectsAndBytesOfEachSizeClass) {
  std::mt19937_64 random(3);
  ObjectCounter counter;
  ObjectCounts expected, counts;
  uint64_t bytes = 0;
  for (int i = 0; i < 100'000; ++i) {
    const size_t size = 1 + random() % kMostObjectBytes;
    counter.Add(size);
    ++expected[(size + 15) / 16 - 1].objects;
    expected[(size + 15) / 16 - 1].bytes += size;
    bytes += size;
  }
  EXPECT_EQ(counter.Take(&counts), bytes);
  for (size_t i = 0; i < kObjectClasses; ++i) {
    EXPECT_EQ(counts[i].objects, expected[i].objects);
    EXPECT_EQ(counts[i].bytes, expected[i].bytes);
  }
}

TEST(ObjectCounterTest, WhatWasTakenIsNotTakenAgain) {
  ObjectCounter counter;
  counter.Add(28);
  ObjectCounts counts;
  EXPECT_EQ(counter.Take(&counts), 28u);
  EXPECT_EQ(counter.Take(&counts), 0u);
  counter.Add(1);
  counter.Add(512);
  EXPECT_EQ(counter.Take(&counts), 513u);
}

TEST(ObjectCounterTest, TheChangeIsWhatCameWithoutWhatWent) {
  ObjectCounter counter;
  for (int i = 0; i < 5; ++i) counter.Add(28);
  counter.Add(500);
  counter.AddFree(ObjectClassOf(28));
  counter.AddFree(ObjectClassOf(28));
  EXPECT_EQ(counter.ChangeOfBytes(), 3 * 32 + 512);
  ObjectCounts allocated;
  counter.Take(&allocated);
  EXPECT_EQ(counter.TakeChange(allocated), (LiveObjects{4, 3 * 32 + 512}));
  EXPECT_EQ(counter.ChangeOfBytes(), 0);
}

TEST(ObjectCounterTest, AThreadMayFreeMoreThanItAllocated) {
  ObjectCounter counter;
  counter.AddFree(0);
  counter.AddFree(31);
  EXPECT_EQ(counter.ChangeOfBytes(), -16 - 512);
  ObjectCounts allocated;
  EXPECT_EQ(counter.Take(&allocated), 0u);
  EXPECT_EQ(counter.TakeChange(allocated), (LiveObjects{-2, -16 - 512}));
}

TEST(PythonObjectsTest, SizesOfTheSmallAllocator) {
  EXPECT_FALSE(IsObjectSize(0));
  EXPECT_TRUE(IsObjectSize(1));
  EXPECT_TRUE(IsObjectSize(512));
  EXPECT_FALSE(IsObjectSize(513));
  EXPECT_EQ(ObjectClassOf(16), 0u);
  EXPECT_EQ(ObjectClassOf(17), 1u);
  EXPECT_EQ(ObjectClassOf(512), 31u);
  EXPECT_EQ(ObjectSlack(28), 4u);
  EXPECT_EQ(ObjectSlack(32), 0u);
}

}  // namespace
}  // namespace heapcrest
