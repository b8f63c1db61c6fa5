#include "viewer/object_types.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/viewer/capture_builder.h"
#include "viewer/record_decoder.h"

namespace heapcrest {
namespace {

class ObjectTypeReaderTest : public testing::Test {
 protected:
  ObjectTypeReaderTest() {
    process_.start_monotonic_ns = 1000;
    chunk_.Stack(1, {0x10, 0x20});
  }

  RecordDecoder::Result Decode() {
    RecordDecoder decoder(&process_);
    size_t decoded;
    const std::string& records = chunk_.records();
    const RecordDecoder::Result result = decoder.DecodeChunk(
        0, 1000, {reinterpret_cast<const uint8_t*>(records.data()), records.size()}, &decoded);
    decoder.Finish();
    return result;
  }

  uint64_t AddressOf(uint32_t stack) const {
    return process_.locations[process_.stacks[stack].location].address;
  }

  Process process_;
  ChunkBuilder chunk_{0, 1000};
};

TEST_F(ObjectTypeReaderTest, TypeIsTheInnermostFrameOfItsObjectsStack) {
  const uint64_t typed = chunk_.Allocation(1, 32, 1, 1, Domain::kPythonObject);
  chunk_.Allocation(1, 32, 1, 1, Domain::kPythonObject);
  chunk_.TypeName(5, "int").Type(typed, 5);
  EXPECT_EQ(Decode(), RecordDecoder::Result::kWhole);
  const uint32_t stack = process_.samples[0].stack, plain = process_.samples[1].stack;
  EXPECT_TRUE(IsTypeAddress(AddressOf(stack)));
  EXPECT_EQ(process_.stacks[stack].parent, plain);
  EXPECT_EQ(AddressOf(plain), 0x20u);
  ASSERT_EQ(process_.python_types.size(), 1u);
  EXPECT_EQ(process_.python_types[0].id, 5u);
  EXPECT_EQ(process_.python_types[0].name, "int");
}

TEST_F(ObjectTypeReaderTest, ObjectsOfOneTypeAndStackShareAFrame) {
  for (int i = 0; i < 3; ++i) chunk_.Type(chunk_.Allocation(1, 32, 1), 5);
  chunk_.Type(chunk_.Allocation(1, 32, 1), 6);
  Decode();
  EXPECT_EQ(process_.samples[0].stack, process_.samples[2].stack);
  EXPECT_NE(process_.samples[0].stack, process_.samples[3].stack);
}

TEST_F(ObjectTypeReaderTest, TheFirstThatIsSaidOfASampleCounts) {
  const uint64_t sample = chunk_.Allocation(1, 32, 1);
  chunk_.Type(sample, 5).Type(sample, 6);
  Decode();
  EXPECT_EQ(AddressOf(process_.samples[0].stack), kPythonTypeBit | 5);
  EXPECT_EQ(process_.stacks.size(), 4u) << "the root, two frames, one type";
}

TEST_F(ObjectTypeReaderTest, SampleWithoutStackMayHaveAType) {
  chunk_.Type(chunk_.Allocation(1, 32, 99), 5);
  Decode();
  EXPECT_EQ(AddressOf(process_.samples[0].stack), kPythonTypeBit | 5);
}

TEST_F(ObjectTypeReaderTest, TypeOfAnUnknownSampleIsIgnored) {
  chunk_.Allocation(1, 32, 1);
  chunk_.Type(MakeSampleId(0, 1), 5).Type(MakeSampleId(7, 0), 5);
  EXPECT_EQ(Decode(), RecordDecoder::Result::kWhole);
  EXPECT_EQ(AddressOf(process_.samples[0].stack), 0x20u);
}

TEST_F(ObjectTypeReaderTest, RecordsThatMakeNoSenseAreDamage) {
  for (const std::string& record :
       {std::string("\x14\x00", 2), std::string("\x15\x02\x00\x00", 4),
        // Types whose number would run into the marks of an address.
        std::string("\x14\x09\xff\xff\xff\xff\xff\xff\xff\xff\x7f", 11),
        std::string("\x15\x0b\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff\x7f", 13)}) {
    chunk_ = ChunkBuilder(0, 1000);
    process_ = {};
    chunk_.Raw(record);
    EXPECT_EQ(Decode(), RecordDecoder::Result::kDamaged) << record.size();
  }
}

}  // namespace
}  // namespace heapcrest
