#include "viewer/profile_events.h"

#include <gtest/gtest.h>

#include "tests/viewer/recording_builder.h"
#include "viewer/column.h"
#include "viewer/event_order.h"
#include "viewer/profile_format.h"

namespace heapcrest {
namespace {

Process Reread(const Process& process) {
  Process read;
  read.stacks = process.stacks;
  read.threads = process.threads;
  EventDecoder decoder(&read);
  for (const std::string& block : EncodeEvents(process)) EXPECT_TRUE(decoder.Decode(block));
  return read;
}

std::vector<std::pair<uint32_t, bool>> OrderOf(const Process& process) {
  std::vector<std::pair<uint32_t, bool>> events;
  EventOrder order(process);
  for (Event event; order.Next(&event);) events.emplace_back(event.sample, event.is_free);
  return events;
}

TEST(ProfileEventsTest, SamplesAndTheirOrderComeBackTimesToTheMicrosecond) {
  for (uint64_t seed = 0; seed < 100; ++seed) {
    const Recording recording = RandomRecording(seed);
    for (const Process& process : recording.processes) {
      const Process read = Reread(process);
      ASSERT_EQ(OrderOf(read), OrderOf(process)) << seed;
      for (size_t i = 0; i < read.samples.size(); ++i) {
        const Sample& a = read.samples[i];
        const Sample& b = process.samples[i];
        EXPECT_EQ(a.size, b.size);
        EXPECT_EQ(a.stack, b.stack);
        EXPECT_EQ(a.thread, b.thread);
        EXPECT_EQ(a.overhead, b.overhead);
        EXPECT_EQ(a.finer, b.finer);
        EXPECT_EQ(a.allocated_ns / 1000, b.allocated_ns / 1000);
        EXPECT_EQ(a.freed_ns == kStillLive, b.freed_ns == kStillLive);
        EXPECT_EQ(a.freed_ns / 1000, b.freed_ns / 1000);
      }
      EXPECT_EQ(EncodeEvents(read), EncodeEvents(process));
    }
  }
}

TEST(ProfileEventsTest, CountsComeBackAtTheirPlaceAmongTheEvents) {
  size_t points = 0;
  for (uint64_t seed = 0; seed < 100; ++seed) {
    for (const Process& process : RandomRecording(seed).processes) {
      Process read = Reread(process);
      ASSERT_TRUE(DecodeCounts(EncodeCounts(process.counts), &read)) << seed;
      ASSERT_EQ(read.counts.points.size(), process.counts.points.size());
      EXPECT_EQ(read.counts.allocated_blocks, process.counts.allocated_blocks);
      EXPECT_EQ(read.counts.requested_bytes, process.counts.requested_bytes);
      for (size_t c = 0; c < kObjectClasses; ++c) {
        EXPECT_EQ(read.counts.objects[c].objects, process.counts.objects[c].objects);
        EXPECT_EQ(read.counts.objects[c].bytes, process.counts.objects[c].bytes);
      }
      for (size_t i = 0; i < read.counts.points.size(); ++i, ++points) {
        const HeapPoint& a = read.counts.points[i];
        const HeapPoint& b = process.counts.points[i];
        EXPECT_EQ(a.at.time_ns / 1000, b.at.time_ns / 1000);
        EXPECT_EQ(a.at.allocations, b.at.allocations);
        EXPECT_EQ(a.at.frees, b.at.frees);
        EXPECT_EQ(a.block_bytes, b.block_bytes);
        EXPECT_EQ(a.blocks, b.blocks);
        EXPECT_EQ(a.object_bytes, b.object_bytes);
        EXPECT_EQ(a.objects, b.objects);
      }
    }
  }
  EXPECT_GT(points, 1000u);
}

TEST(ProfileEventsTest, CountsThatAreCutOrStandBeforeTheirEventsAreRefused) {
  HeapCounts counts;
  counts.points = {{{10, 1, 0}, 100, 1}};
  const std::string content = EncodeCounts(counts);
  Process without_events;
  EXPECT_FALSE(DecodeCounts(content, &without_events));
  Process process;
  process.samples.resize(1);
  EXPECT_TRUE(DecodeCounts(content, &process));
  for (size_t size = 0; size < content.size(); ++size) {
    EXPECT_FALSE(DecodeCounts(content.substr(0, size), &process)) << size;
  }
}

TEST(ProfileEventsTest, ObjectsThatCannotBeAreRefused) {
  Process process;
  process.samples.resize(1);
  HeapCounts counts;
  counts.points = {{{10, 1, 0}, 100, 1}};
  counts.objects[1] = {10, 10 * 17};
  const std::string content = EncodeCounts(counts);
  EXPECT_TRUE(DecodeCounts(content, &process));
  for (size_t cut = 1; cut <= 2 * kObjectClasses; ++cut) {
    EXPECT_FALSE(DecodeCounts(content.substr(0, content.size() - cut), &process)) << cut;
  }
  counts.has_live_objects = true;
  counts.points[0].object_bytes = 320;
  const std::string live = EncodeCounts(counts);
  EXPECT_TRUE(DecodeCounts(live, &process));
  EXPECT_EQ(process.counts.points[0].object_bytes, 320);
  EXPECT_FALSE(DecodeCounts(live.substr(0, live.size() - 1), &process));
  counts.points[0].objects = -1;
  EXPECT_FALSE(DecodeCounts(EncodeCounts(counts), &process));
  counts.points[0].objects = 10;
  counts.objects[1].bytes = 10 * 33;  // of a class of 32 bytes
  EXPECT_FALSE(DecodeCounts(EncodeCounts(counts), &process));
}

TEST(ProfileEventsTest, ManyEventsAreManyBlocksAndAPrefixIsTheRecordingUpToThere) {
  RecordingBuilder builder;
  for (uint64_t i = 0; i < kEventsPerBlock; ++i)
    builder.Sample({"f"}, i, i * 1000, i * 1000 + 5000);
  const Recording recording = builder.Build();
  const Process& process = recording.processes[0];
  const std::vector<std::string> blocks = EncodeEvents(process);
  ASSERT_EQ(blocks.size(), 2u);
  Process half;
  half.stacks = process.stacks;
  half.threads = process.threads;
  EventDecoder decoder(&half);
  ASSERT_TRUE(decoder.Decode(blocks[0]));
  // All but the last few of the samples are free by then.
  EXPECT_NEAR(static_cast<double>(half.samples.size()), kEventsPerBlock / 2, 4);
  EXPECT_EQ(half.samples.back().freed_ns, kStillLive);
  ASSERT_TRUE(decoder.Decode(blocks[1]));
  EXPECT_EQ(OrderOf(half), OrderOf(process));
}

TEST(ProfileEventsTest, EventsThatMakeNoSenseAreRefused) {
  const auto decode = [](const std::vector<std::vector<uint64_t>>& columns) {
    std::string block;
    for (const auto& numbers : columns) {
      ColumnWriter column;
      for (const uint64_t number : numbers) column.Number(number);
      column.AppendTo(&block);
    }
    Process process;
    process.stacks.resize(2);
    process.threads.resize(1);
    return EventDecoder(&process).Decode(block);
  };
  const uint64_t stack = Zigzag(1);
  EXPECT_TRUE(decode({{5, 5}, {0, 1}, {8}, {stack}, {0}}));
  EXPECT_FALSE(decode({{5}, {1}, {}, {}, {}}));               // freed before anything is there
  EXPECT_FALSE(decode({{5, 5}, {0, 2}, {8}, {stack}, {0}}));  // no such sample
  EXPECT_FALSE(decode({{5, 5, 5}, {0, 1, 1}, {8}, {stack}, {0}}));  // freed twice
  EXPECT_FALSE(decode({{5}, {0}, {8}, {Zigzag(2)}, {0}}));          // no such stack
  EXPECT_FALSE(decode({{5}, {0}, {8}, {stack}, {1}}));              // no such thread
  EXPECT_FALSE(decode({{}, {0}, {8}, {stack}, {0}}));               // no time
  EXPECT_FALSE(decode({{5}, {0}, {}, {stack}, {0}}));               // no size
  EXPECT_FALSE(decode({{UINT64_MAX}, {0}, {8}, {stack}, {0}}));     // in 600,000 years
  EXPECT_FALSE(decode({{5}, {0}, {8}, {stack}}));
}

}  // namespace
}  // namespace heapcrest
