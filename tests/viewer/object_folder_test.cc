#include "viewer/object_folder.h"

#include <gtest/gtest.h>

#include "tests/viewer/capture_builder.h"
#include "viewer/record_decoder.h"
#include "viewer/weight.h"

namespace heapcrest {
namespace {

// Objects of 32 bytes and of 20, all of one class.
ObjectCounts Objects(uint64_t of_32, uint64_t of_20 = 0) {
  ObjectCounts counts;
  counts[1] = {of_32 + of_20, of_32 * 32 + of_20 * 20};
  return counts;
}

class ObjectFolderTest : public testing::Test {
 protected:
  ObjectFolderTest() {
    process_.start_monotonic_ns = 1000;
    process_.interval_bytes = 65536;
  }

  bool Read(const ChunkBuilder& chunk) {
    const std::string& records = chunk.records();
    size_t decoded;
    RecordDecoder decoder(&process_);
    const auto result = decoder.DecodeChunk(
        0, 1000, {reinterpret_cast<const uint8_t*>(records.data()), records.size()}, &decoded);
    decoder.Finish();
    return result == RecordDecoder::Result::kWhole;
  }

  static uint64_t Object(ChunkBuilder* chunk, uint64_t size) {
    return chunk->Allocation(10, size, 1, 1 + ObjectSlack(size), Domain::kPythonObject);
  }

  Process process_;
};

TEST_F(ObjectFolderTest, AddsUpWhatThreadsCounted) {
  ChunkBuilder chunk(0, 1000);
  chunk.Thread(0).Counts(10, {1, 100, 0, 112}).ObjectCounts(0, Objects(5));
  chunk.Thread(1).ObjectCounts(10, Objects(7, 100)).Counts(0, {1, 100, 0, 112});
  ASSERT_TRUE(Read(chunk));
  EXPECT_EQ(process_.counts.objects[1].objects, 112u);
  EXPECT_EQ(process_.counts.objects[1].bytes, 12 * 32u + 100 * 20);
  EXPECT_EQ(process_.counts.objects[0].objects, 0u);
  EXPECT_EQ(process_.counts.requested_bytes, 200u);
}

TEST_F(ObjectFolderTest, RefusesWhatNoSizeClassCanHold) {
  ObjectCounts counts;
  counts[1] = {10, 10 * 16};  // these are of class 0
  ChunkBuilder chunk(0, 1000);
  chunk.ObjectCounts(10, counts);
  EXPECT_FALSE(Read(chunk));
  ChunkBuilder unknown(0, 1000);
  unknown.Raw(std::string("\x13\x04\x00\x20\x01\x10", 6));  // class 32
  EXPECT_FALSE(Read(unknown));
}

TEST_F(ObjectFolderTest, RefusesASampleThatIsNoObject) {
  ChunkBuilder chunk(0, 1000);
  Object(&chunk, 513);
  EXPECT_FALSE(Read(chunk));
}

TEST_F(ObjectFolderTest, SamplesAfterTheLastCountOfTheirThreadStandForThemselves) {
  ChunkBuilder chunk(0, 1000);
  chunk.Thread(0);
  Object(&chunk, 32);
  chunk.Counts(10, {1, 100, 0, 112}).ObjectCounts(0, Objects(3000));
  Object(&chunk, 32);  // killed
  ASSERT_TRUE(Read(chunk));
  EXPECT_EQ(process_.counts.objects[1].objects,
            3000u + static_cast<uint64_t>(WeightOf(32, 65536).count_q16 >> 16));
}

TEST_F(ObjectFolderTest, WithoutOtherCountsObjectsAreNotCountedEither) {
  ChunkBuilder chunk(0, 1000);
  Object(&chunk, 32);
  chunk.ObjectCounts(0, Objects(3000));
  ASSERT_TRUE(Read(chunk));
  EXPECT_FALSE(process_.counts.has_objects());
}

TEST_F(ObjectFolderTest, PointsKnowHowManyLive) {
  ChunkBuilder chunk(0, 1000);
  chunk.Thread(0);
  Object(&chunk, 32);
  chunk.ObjectCounts(0, Objects(3000)).LiveObjects(0, {3000, 96'000}).Counts(10, {1, 100, 0, 112});
  chunk.LiveObjects(10, {-1000, -32'000}).Counts(0, {0, 0, 0, 0});
  chunk.Counts(10, {0, 0, 0, 0});  // of a thread that has no objects
  ASSERT_TRUE(Read(chunk));
  EXPECT_TRUE(process_.counts.has_live_objects);
  ASSERT_EQ(process_.counts.points.size(), 3u);
  EXPECT_EQ(process_.counts.points[0].objects, 3000);
  EXPECT_EQ(process_.counts.points[0].object_bytes, 96'000);
  EXPECT_EQ(process_.counts.points[1].objects, 2000);
  EXPECT_EQ(process_.counts.points[2].object_bytes, 64'000);
}

TEST_F(ObjectFolderTest, WhatIsCountedOnlyAsItComesIsNotKnownToLive) {
  ChunkBuilder chunk(0, 1000);
  chunk.Thread(0);
  Object(&chunk, 32);
  chunk.ObjectCounts(0, Objects(3000)).LiveObjects(0, {3000, 96'000}).Counts(10, {1, 100, 0, 112});
  chunk.ObjectCounts(0, Objects(10)).Counts(10, {1, 100, 0, 112});
  ASSERT_TRUE(Read(chunk));
  EXPECT_TRUE(process_.counts.has_objects());
  EXPECT_FALSE(process_.counts.has_live_objects);
}

TEST_F(ObjectFolderTest, ObjectsThatWentBeforeTheyCameAreNone) {
  ChunkBuilder chunk(0, 1000);
  chunk.Thread(0);
  Object(&chunk, 32);
  chunk.LiveObjects(0, {-10, -320}).Counts(10, {1, 100, 0, 112});  // another thread's
  chunk.ObjectCounts(0, Objects(30)).LiveObjects(0, {30, 960}).Counts(10, {1, 100, 0, 112});
  ASSERT_TRUE(Read(chunk));
  ASSERT_EQ(process_.counts.points.size(), 2u);
  EXPECT_EQ(process_.counts.points[0].objects, 0);
  EXPECT_EQ(process_.counts.points[1].object_bytes, 640);
}

TEST_F(ObjectFolderTest, BetweenTwoPointsTheMomentOfMostObjectsIsAPoint) {
  ChunkBuilder chunk(0, 1000);
  chunk.Counts(10, {1, 100, 0, 112}).ObjectCounts(0, Objects(1000));  // at 10
  const uint64_t first = Object(&chunk, 32), second = Object(&chunk, 32);
  const uint64_t large = chunk.Allocation(10, 100'000, 1, 17);  // at 40
  chunk.Free(10, first).Free(10, second).Free(10, large);
  chunk.Counts(10, {1, 100, 0, 112}).ObjectCounts(0, Objects(1000));
  ASSERT_TRUE(Read(chunk));
  ASSERT_EQ(process_.counts.points.size(), 3u);
  const HeapPoint& between = process_.counts.points[1];
  EXPECT_EQ(between.at.time_ns, 40u);
  EXPECT_EQ(between.at.allocations, 3u);
  EXPECT_EQ(between.at.frees, 0u);
  EXPECT_EQ(between.block_bytes, 112 + 100'016);
  EXPECT_EQ(between.blocks, 2);
}

}  // namespace
}  // namespace heapcrest
