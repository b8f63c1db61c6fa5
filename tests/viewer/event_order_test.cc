#include "viewer/event_order.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/viewer/recording_builder.h"

namespace heapcrest {
namespace {

// "a0 a1 f0": allocations and frees of samples.
std::string OrderOf(const Process& process) {
  std::string text;
  EventOrder order(process);
  for (Event event; order.Next(&event);) {
    text += (event.is_free ? " f" : " a") + std::to_string(event.sample);
  }
  return text;
}

TEST(EventOrderTest, FollowsTime) {
  const Recording recording = RecordingBuilder()
                                  .Sample({"f"}, 1, 10, 40)
                                  .Sample({"f"}, 1, 20, 30)
                                  .Sample({"f"}, 1, 35)
                                  .Build();
  EXPECT_EQ(OrderOf(recording.processes[0]), " a0 a1 f1 a2 f0");
}

TEST(EventOrderTest, FreesComeBeforeAllocationsOfTheSameTime) {
  const Recording recording =
      RecordingBuilder().Sample({"f"}, 1, 10, 20).Sample({"f"}, 1, 20).Build();
  EXPECT_EQ(OrderOf(recording.processes[0]), " a0 f0 a1");
}

TEST(EventOrderTest, NoFreeComesBeforeItsOwnAllocation) {
  const Recording recording = RecordingBuilder()
                                  .Sample({"f"}, 1, 10, 20)
                                  .Sample({"f"}, 1, 20, 20)
                                  .Sample({"f"}, 1, 20, 20)
                                  .Build();
  EXPECT_EQ(OrderOf(recording.processes[0]), " a0 f0 a1 f1 a2 f2");
}

TEST(EventOrderTest, AFreeBeforeItsAllocationIsPutBehindIt) {
  const Recording recording =
      RecordingBuilder().Sample({"f"}, 1, 10, 5).Sample({"f"}, 1, 20, 25).Build();
  EXPECT_EQ(OrderOf(recording.processes[0]), " a0 f0 a1 f1");
}

TEST(EventOrderTest, FirstFreedAreThoseOfTheOrder) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const Recording recording = RandomRecording(seed);
    for (const Process& process : recording.processes) {
      const std::vector<uint32_t> order = EventOrder(process).freed();
      for (const size_t count : {size_t{0}, order.size() / 3, order.size()}) {
        std::vector<uint32_t> first = FirstFreed(process, count);
        std::vector<uint32_t> expected(order.begin(),
                                       order.begin() + static_cast<ptrdiff_t>(count));
        std::sort(first.begin(), first.end());
        std::sort(expected.begin(), expected.end());
        EXPECT_EQ(first, expected);
      }
    }
  }
}

TEST(EventOrderTest, NoSamplesNoEvents) {
  EXPECT_EQ(OrderOf(RecordingBuilder().Build().processes[0]), "");
}

TEST(EventOrderTest, EveryEventComesOnceAndEachFreeBehindItsAllocation) {
  for (uint64_t seed = 0; seed < 50; ++seed) {
    const Recording recording = RandomRecording(seed);
    for (const Process& process : recording.processes) {
      std::vector<int> state(process.samples.size());  // 0, allocated 1, freed 2
      EventOrder order(process);
      for (Event event; order.Next(&event);) {
        EXPECT_EQ(state[event.sample]++, event.is_free ? 1 : 0);
      }
      for (size_t i = 0; i < state.size(); ++i) {
        EXPECT_EQ(state[i], process.samples[i].freed_ns == kStillLive ? 1 : 2);
      }
      EXPECT_EQ(order.allocations(), process.samples.size());
    }
  }
}

}  // namespace
}  // namespace heapcrest
