#include "viewer/reconciliation.h"

#include <gtest/gtest.h>

#include <numeric>

#include "tests/viewer/recording_builder.h"

namespace heapcrest {
namespace {

constexpr int64_t kMega = 1'000'000;

// Held for ever from 1 ns on; `seen` is of a later moment.
Process Holding(const std::vector<uint64_t>& sizes, const ResidentKinds& seen) {
  RecordingBuilder builder;
  for (const uint64_t size : sizes) builder.Sample({"main"}, size, 1);
  Process process = std::move(builder.Build().processes[0]);
  for (Sample& sample : process.samples)
    sample.overhead = 1 + (16 + 4095 - (sample.size - 1) % 4096) % 4096;
  process.resident.most = seen;
  return process;
}

Reconciliation Of(const Process& process) {
  const std::optional<Reconciliation> sum = Reconcile(process, FindPeak(process));
  EXPECT_TRUE(sum.has_value());
  int64_t terms = 0;
  for (const ReconciliationTerm& term : TermsOf(*sum)) terms += term.bytes;
  EXPECT_EQ(terms, sum->resident);
  return *sum;
}

TEST(ReconciliationTest, UnseenProcessHasNone) {
  const Process process = std::move(RecordingBuilder().Sample({"main"}, 8, 1).Build().processes[0]);
  EXPECT_FALSE(Reconcile(process, FindPeak(process)).has_value());
}

TEST(ReconciliationTest, PythonsObjectsLieInMappingsAndAreNoBlocks) {
  Process process = Holding({1000, 400}, {2, 10'000, 5000, 0, 0, 0});
  process.samples[1].is_object = true;
  process.samples[1].overhead = 1;
  process.samples[0].overhead = 17;
  const Reconciliation sum = Of(process);
  EXPECT_EQ(sum.requested, 1000);
  EXPECT_EQ(sum.overhead, 16);
  EXPECT_EQ(sum.kept_free, 10'000 - 1016);
  EXPECT_EQ(sum.objects, 400);
  EXPECT_EQ(sum.mappings, 4600);
}

TEST(ReconciliationTest, GrowthThatCameTooLateIsSaid) {
  Process process = Holding({1000, 2000}, {2, 10'000, 0, 300, 4000, 50});
  process.resident.points = {{1, 9000}, {3, 14'400}};
  EXPECT_EQ(Of(process).highest, 14'400);
  EXPECT_EQ(InWords(Of(process)).back().find("at most"), std::string::npos);
  process.resident.points.push_back({4, 20'000});
  EXPECT_EQ(InWords(Of(process)).back(), "; at most 20.0 kB");
}

TEST(ReconciliationTest, HeapPagesBeyondItsBlocksAreKeptFree) {
  const Process process = Holding({1000, 2000}, {2, 10'000, 0, 300, 4000, 50});
  const Reconciliation sum = Of(process);
  EXPECT_EQ(sum.requested, 3000);
  EXPECT_EQ(sum.requested + sum.overhead + sum.kept_free, 10'000);
  EXPECT_EQ(sum.stacks, 300);
  EXPECT_EQ(sum.files, 4000);
  EXPECT_EQ(sum.profiler, 50);
  EXPECT_EQ(sum.resident, 14'350);
  EXPECT_EQ(sum.mappings, 0);
}

TEST(ReconciliationTest, BlockOfWholePagesIsNotOnTheHeap) {
  Process process = Holding({}, {2, 0, 9 * kMega, 0, 0, 0});
  process.samples.push_back({8'384'512, 1, kStillLive, 1, 0, 1 + 4096});
  process.stacks.resize(2);
  const Reconciliation sum = Of(process);
  EXPECT_EQ(sum.requested + sum.overhead, 8'388'608);
  EXPECT_EQ(sum.kept_free, 0);
  EXPECT_EQ(sum.mappings, 9 * kMega - 8'388'608);
}

TEST(ReconciliationTest, BlocksBeyondThePagesWereNeverTouched) {
  Process process = Holding({}, {2, 0, kMega, 0, 0, 0});
  process.samples.push_back({8'384'512, 1, kStillLive, 1, 0, 1 + 4096});
  process.stacks.resize(2);
  const Reconciliation sum = Of(process);
  EXPECT_EQ(sum.untouched, 8'388'608 - kMega);
  EXPECT_EQ(sum.mappings, 0);
}

TEST(ReconciliationTest, BlocksThatCameLaterAreNotPartOfIt) {
  Process process = Holding({1000}, {500, 8192, 0, 0, 0, 0});
  process.samples.push_back({9000, 600, kStillLive, 1, 0, 17});
  EXPECT_EQ(Of(process).untouched, 0);
  process.resident.most->time_ns = 600;
  EXPECT_GT(Of(process).untouched, 0);
}

TEST(ReconciliationTest, ExactCountsComeBeforeSamples) {
  Process process = Holding({1000}, {500, 9 * kMega, 0, 0, 0, 0});
  process.counts.points = {
      {{1, 1, 0}, 2 * kMega, 10}, {{400, 1, 0}, 8 * kMega, 20}, {{501, 1, 0}, 3 * kMega, 10}};
  process.counts.allocated_blocks = 100;
  process.counts.requested_bytes = 10 * kMega;
  const Reconciliation sum = Of(process);
  EXPECT_EQ(sum.requested + sum.overhead, 8 * kMega);
  EXPECT_EQ(sum.kept_free, kMega);
}

}  // namespace
}  // namespace heapcrest
