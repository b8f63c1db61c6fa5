#include "viewer/record_decoder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/viewer/capture_builder.h"

namespace heapcrest {
namespace {

using testing::ElementsAre;
using Result = RecordDecoder::Result;

class RecordDecoderTest : public testing::Test {
 protected:
  RecordDecoderTest() { process_.start_monotonic_ns = 1000; }

  Result Decode(const std::string& records, uint32_t chunk = 0, uint64_t base_ns = 1000) {
    return decoder_.DecodeChunk(chunk, base_ns,
                                {reinterpret_cast<const uint8_t*>(records.data()), records.size()},
                                &decoded_);
  }
  Result Decode(const ChunkBuilder& chunk, uint32_t number = 0, uint64_t base_ns = 1000) {
    return Decode(chunk.records(), number, base_ns);
  }
  RecordDecoder::Loose Finish() { return decoder_.Finish(); }

  Process process_;
  RecordDecoder decoder_{&process_};
  size_t decoded_ = 0;
};

TEST_F(RecordDecoderTest, AnAllocationAndItsFree) {
  ChunkBuilder chunk(0, 1000);
  chunk.Thread(3, 777, "worker").Stack(9, {0x10, 0x20});
  chunk.Free(5, chunk.Allocation(10, 48, 9));
  EXPECT_EQ(Decode(chunk), Result::kWhole);
  Finish();
  ASSERT_EQ(process_.samples.size(), 1u);
  const Sample& sample = process_.samples[0];
  EXPECT_EQ(sample.size, 48u);
  EXPECT_EQ(sample.allocated_ns, 10u);
  EXPECT_EQ(sample.freed_ns, 15u);
  EXPECT_EQ(process_.threads[sample.thread].tid, 777u);
  EXPECT_EQ(process_.threads[sample.thread].name, "worker");
  EXPECT_EQ(process_.locations[process_.stacks[sample.stack].location].address, 0x20u);
}

TEST_F(RecordDecoderTest, ASampleSaysByHowMuchFinerItWasTaken) {
  ChunkBuilder chunk(0, 1000);
  chunk.Stack(9, {0x10});
  chunk.Allocation(10, 48, 9, 17, Domain::kMalloc, 4);
  chunk.Allocation(10, 48, 9, 1, Domain::kPythonObject, 1);
  chunk.Allocation(10, 48, 9, 17);
  EXPECT_EQ(Decode(chunk), Result::kWhole);
  Finish();
  ASSERT_EQ(process_.samples.size(), 3u);
  EXPECT_EQ(process_.samples[0].finer, 4);
  EXPECT_FALSE(process_.samples[0].is_object);
  EXPECT_EQ(process_.samples[1].finer, 1);
  EXPECT_TRUE(process_.samples[1].is_object);
  EXPECT_EQ(process_.samples[2].finer, 0);
}

TEST_F(RecordDecoderTest, SamplesOfAllChunksAreSortedByTime) {
  ChunkBuilder first(0, 1000), second(1, 1000);
  first.Thread(0);
  second.Thread(1);
  first.Allocation(10, 1, 0);
  second.Allocation(20, 2, 0);
  first.Allocation(20, 3, 0);
  second.Allocation(1, 4, 0);
  Decode(first, 0);
  Decode(second, 1);
  Finish();
  std::vector<uint64_t> sizes;
  for (const Sample& sample : process_.samples) sizes.push_back(sample.size);
  EXPECT_THAT(sizes, ElementsAre(1, 2, 4, 3));
}

TEST_F(RecordDecoderTest, AFreeMayStandInAnEarlierChunkThanItsAllocation) {
  ChunkBuilder first(0, 5000), second(1, 1000);
  first.Thread(0);
  second.Thread(1);
  first.Free(0, second.Allocation(10, 1, 0));
  Decode(first, 0, 5000);
  Decode(second, 1, 1000);
  EXPECT_EQ(Finish().frees, 0u);
  EXPECT_EQ(process_.samples[0].freed_ns, 4000u);
}

TEST_F(RecordDecoderTest, AStackMayBeWrittenLaterThanItsSamples) {
  ChunkBuilder first(0, 1000), second(1, 9000);
  first.Thread(0).Allocation(10, 1, 7);
  second.Thread(1).Stack(7, {0x30});
  Decode(first, 0, 1000);
  Decode(second, 1, 9000);
  EXPECT_EQ(Finish().stacks, 0u);
  EXPECT_EQ(process_.locations[process_.stacks[process_.samples[0].stack].location].address, 0x30u);
}

TEST_F(RecordDecoderTest, ASampleWhoseStackWasNeverWrittenIsKeptAsLost) {
  ChunkBuilder chunk(0, 1000);
  chunk.Thread(0).Allocation(1, 100, 5);
  chunk.Allocation(1, 200, UINT64_MAX);
  Decode(chunk);
  EXPECT_EQ(Finish().stacks, 2u);
  const StackNode& lost = process_.stacks[process_.samples[0].stack];
  EXPECT_EQ(lost.location, kNone);
  EXPECT_EQ(lost.omitted, 0u);
  EXPECT_EQ(process_.samples[1].stack, process_.samples[0].stack);
}

TEST_F(RecordDecoderTest, FreesOfUnknownAllocationsAreCounted) {
  ChunkBuilder chunk(0, 1000);
  chunk.Thread(0);
  const uint64_t id = chunk.Allocation(1, 100, 5);
  chunk.Free(1, id).Free(1, id).Free(1, MakeSampleId(0, 1)).Free(1, MakeSampleId(77, 0));
  Decode(chunk);
  EXPECT_EQ(Finish().frees, 3u);
  EXPECT_EQ(process_.samples[0].freed_ns, 2u);
}

TEST_F(RecordDecoderTest, NoFreeIsEarlierThanItsAllocation) {
  ChunkBuilder first(0, 1000), second(1, 1000);
  first.Thread(0);
  second.Thread(1).Free(0, first.Allocation(50, 1, 0));
  Decode(first, 0);
  Decode(second, 1);
  Finish();
  EXPECT_EQ(process_.samples[0].freed_ns, 50u);
}

TEST_F(RecordDecoderTest, ThreadRecordsSwitchTheThreadAndTheLatestNameCounts) {
  ChunkBuilder chunk(0, 1000);
  chunk.Thread(0, 10, "app").Allocation(1, 1, 0);
  chunk.Thread(1, 11, "old").Allocation(1, 1, 0);
  chunk.Thread(0, 10, "").Allocation(1, 1, 0);
  chunk.Thread(1, 11, "new");
  Decode(chunk);
  Finish();
  EXPECT_EQ(process_.samples[0].thread, process_.samples[2].thread);
  EXPECT_NE(process_.samples[0].thread, process_.samples[1].thread);
  EXPECT_EQ(process_.threads[0].name, "app");
  EXPECT_EQ(process_.threads[1].name, "new");
}

TEST_F(RecordDecoderTest, RecordsBeforeAnyThreadRecordAreOfSomeThread) {
  ChunkBuilder chunk(0, 1000);
  chunk.Allocation(1, 1, 0);
  Decode(chunk);
  Finish();
  EXPECT_EQ(process_.threads.size(), 1u);
}

TEST_F(RecordDecoderTest, MappingsAndCommandAreTaken) {
  ChunkBuilder chunk(0, 1000);
  chunk.Mapping(0x1000, 0x2000, 0x800, "/lib/a b.so", 3);
  chunk.Command({"/bin/app", "app", "", "--x"});
  Decode(chunk);
  ASSERT_EQ(process_.mappings.size(), 1u);
  EXPECT_EQ(process_.mappings[0].path, "/lib/a b.so");
  EXPECT_EQ(process_.mappings[0].epoch, 3u);
  EXPECT_EQ(process_.mappings[0].build_id, std::string("\xab\0\xcd", 3));
  EXPECT_EQ(process_.executable, "/bin/app");
  EXPECT_THAT(process_.command, ElementsAre("app", "", "--x"));
}

TEST_F(RecordDecoderTest, UnknownKindsAndTrailingFieldsAreSkipped) {
  ChunkBuilder chunk(0, 1000);
  chunk.Raw(std::string("\x63\x03xyz", 5));
  chunk.Raw(std::string("\x05\x06\x00\x07main", 8));          // a thread named "main"
  chunk.Raw(std::string("\x01\x05\x0a\x08\x00\x7f\x7f", 7));  // two fields too many
  EXPECT_EQ(Decode(chunk), Result::kWhole);
  ASSERT_EQ(process_.samples.size(), 1u);
  EXPECT_EQ(process_.samples[0].size, 8u);
}

TEST_F(RecordDecoderTest, TruncatedTrailingRecordIsIgnored) {
  ChunkBuilder chunk(0, 1000);
  chunk.Thread(0).Allocation(1, 100, 5);
  const size_t whole = chunk.records().size();
  chunk.Allocation(1, 70'000, 5);
  for (size_t size = whole + 1; size < chunk.records().size(); ++size) {
    Process process;
    RecordDecoder decoder(&process);
    EXPECT_EQ(
        decoder.DecodeChunk(0, 0, {reinterpret_cast<const uint8_t*>(chunk.records().data()), size},
                            &decoded_),
        Result::kCut);
    EXPECT_EQ(decoded_, whole);
    EXPECT_EQ(process.samples.size(), 1u);
  }
}

TEST_F(RecordDecoderTest, ARecordThatMakesNoSenseIsDamageAtItsOffset) {
  const std::string thread("\x05\x02\x00\x07", 4);
  for (const std::string& bad :
       {std::string("\x01\x01\x05", 3),                      // fields are missing
        std::string("\x01\x06\x00\x08\x01\x00\x00\x05", 8),  // finer than any
        std::string("\x02\x03\x00\x01\x00", 5),              // chunk -1
        std::string("\x02\x05\x00\x00\x80\x80\x04", 7),      // index 65,536
        std::string("\x03\x05\x01\x00\x00\x00\x01", 7),      // shares with nobody
        std::string("\x04\x05\x00\x00\x00\x00\x09", 7),      // build id is cut
        std::string("\x01\x0c\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02\0\0", 14)}) {  // 65 bits
    EXPECT_EQ(Decode(thread + bad), Result::kDamaged);
    EXPECT_EQ(decoded_, thread.size());
  }
}

TEST_F(RecordDecoderTest, TimesThatOverflowAreDamage) {
  ChunkBuilder chunk(0, 0);
  chunk.Allocation(UINT64_MAX, 1, 0);
  EXPECT_EQ(Decode(chunk, 0, 1), Result::kDamaged);
  EXPECT_EQ(Decode(chunk, 1, 0), Result::kDamaged);  // 584 years
}

TEST_F(RecordDecoderTest, DeepStacksThatDifferInTheirGapAlone) {
  ChunkBuilder chunk(0, 1000);
  std::vector<uint64_t> addresses;
  for (uint64_t i = 0; i < kMaxStackFrames; ++i) addresses.push_back(0x1000 + i % 2);
  chunk.Thread(0);
  for (uint64_t id = 1; id <= 500; ++id) {
    chunk.Stack(id, addresses, 0, 100 * id, kMaxStackFrames / 2).Allocation(1, 8, id);
  }
  EXPECT_EQ(Decode(chunk), Result::kWhole);
  Finish();
  EXPECT_EQ(process_.stacks.size(), kMaxStackFrames + 2);  // root and gap; no chain for each
  EXPECT_EQ(process_.samples[0].stack, process_.samples[499].stack);
}

}  // namespace
}  // namespace heapcrest
