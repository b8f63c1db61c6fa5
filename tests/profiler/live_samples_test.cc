#include "profiler/live_samples.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <random>

namespace heapcrest {
namespace {

const void* Address(uint64_t value) { return reinterpret_cast<const void*>(value); }

class LiveSamplesTest : public testing::Test {
 protected:
  std::unique_ptr<LiveSamples> live_ = std::make_unique<LiveSamples>();
  uint64_t id_ = 0;
};

TEST_F(LiveSamplesTest, UnknownAddressLeavesAtTheFilter) {
  live_->Add(Address(0x10000), 1);
  EXPECT_FALSE(live_->MayContain(Address(0x20000)));
  EXPECT_FALSE(live_->MayContain(nullptr));
}

TEST_F(LiveSamplesTest, NoBlockIsNoSample) {
  live_->Add(Address(0x10000), 1);
  EXPECT_FALSE(live_->Remove(nullptr, &id_));
}

TEST_F(LiveSamplesTest, NeighbourInTheSame256BytesPassesTheFilterButIsNotFound) {
  live_->Add(Address(0x10000), 1);
  EXPECT_TRUE(live_->MayContain(Address(0x10010)));
  EXPECT_FALSE(live_->Remove(Address(0x10010), &id_));
}

TEST_F(LiveSamplesTest, HasASampleAtItsOwnAddressUntilItIsRemoved) {
  live_->Add(Address(0x10000), 7);
  EXPECT_TRUE(live_->Has(Address(0x10000), 7));
  EXPECT_FALSE(live_->Has(Address(0x10000), 8));
  EXPECT_FALSE(live_->Has(Address(0x20000), 7));
  live_->Remove(Address(0x10000), &id_);
  EXPECT_FALSE(live_->Has(Address(0x10000), 7));
}

TEST_F(LiveSamplesTest, FilterForgetsWhatWasRemoved) {
  live_->Add(Address(0x10000), 7);
  live_->Add(Address(0x10010), 8);
  ASSERT_TRUE(live_->Remove(Address(0x10000), &id_));
  EXPECT_EQ(id_, 7u);
  EXPECT_TRUE(live_->MayContain(Address(0x10010)));
  ASSERT_TRUE(live_->Remove(Address(0x10010), &id_));
  EXPECT_FALSE(live_->MayContain(Address(0x10010)));
}

TEST_F(LiveSamplesTest, CrowdedFilterNeverForgetsALiveSample) {
  // Addresses 256 MB apart share a counter, which sticks when it is full.
  constexpr uint64_t kApart = uint64_t{256} << 20;
  for (uint64_t i = 1; i <= 1000; ++i) live_->Add(Address(i * kApart), i);
  for (uint64_t i = 1; i < 1000; ++i) ASSERT_TRUE(live_->Remove(Address(i * kApart), &id_));
  EXPECT_TRUE(live_->MayContain(Address(1000 * kApart)));
  EXPECT_TRUE(live_->Remove(Address(1000 * kApart), &id_));
}

TEST_F(LiveSamplesTest, EverySampleIsFoundWhateverCameAndWentBesideIt) {
  // All 16 places of a counter's 256 bytes, at random.
  std::map<uint64_t, uint64_t> expected;
  std::minstd_rand random(7);
  for (uint64_t i = 0; i < 100'000; ++i) {
    const uint64_t address = 0x10000 + 16 * (random() / 16 % 16);
    const auto known = expected.find(address);
    ASSERT_EQ(live_->Remove(Address(address), &id_), known != expected.end()) << i;
    if (known != expected.end()) {
      ASSERT_EQ(id_, known->second);
      expected.erase(known);
    } else if (random() / 16 % 4 < 1 + i / 10'000 % 4) {  // few of them, then many
      ASSERT_TRUE(live_->Add(Address(address), i));
      expected[address] = i;
    }
    ASSERT_EQ(live_->MayContain(Address(0x10000)), !expected.empty()) << i;
  }
}

TEST_F(LiveSamplesTest, ClearedTableKnowsNothing) {
  for (int i = 0; i < 300; ++i) live_->Add(Address(0x20000), 1);  // more than its counter holds
  live_->Add(Address(0x10000), 1);
  live_->Clear();
  EXPECT_FALSE(live_->MayContain(Address(0x10000)));
  EXPECT_FALSE(live_->Remove(Address(0x10000), &id_));
}

}  // namespace
}  // namespace heapcrest
