#include "profiler/format/varint.h"

#include <gtest/gtest.h>

namespace heapcrest {
namespace {

TEST(VarintTest, EveryLengthReadsBackAsWritten) {
  for (unsigned bits = 0; bits <= 64; ++bits) {
    const uint64_t value = bits == 64 ? UINT64_MAX : (uint64_t{1} << bits) - 1;
    uint8_t buffer[kMaxVarintBytes];
    const uint8_t* end = PutVarint(buffer, value);
    const uint8_t* in = buffer;
    uint64_t read = 0;
    ASSERT_TRUE(GetVarint(&in, end, &read));
    EXPECT_EQ(read, value);
    EXPECT_EQ(in, end);
  }
}

TEST(VarintTest, CutNumberIsRefused) {
  const uint8_t bytes[] = {0xff, 0xff};
  const uint8_t* in = bytes;
  uint64_t value;
  EXPECT_FALSE(GetVarint(&in, bytes + 2, &value));
  in = bytes;
  EXPECT_FALSE(GetVarint(&in, bytes, &value));
}

TEST(VarintTest, MoreThan64BitsAreRefused) {
  const uint8_t bytes[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02};
  const uint8_t* in = bytes;
  uint64_t value;
  EXPECT_FALSE(GetVarint(&in, bytes + sizeof(bytes), &value));
}

TEST(VarintTest, ZigzagKeepsSmallNumbersSmall) {
  for (const int64_t value : {int64_t{0}, int64_t{-1}, int64_t{1}, INT64_MIN, INT64_MAX}) {
    EXPECT_EQ(Unzigzag(Zigzag(value)), value);
  }
  EXPECT_EQ(Zigzag(-1), 1u);
  EXPECT_EQ(Zigzag(1), 2u);
}

}  // namespace
}  // namespace heapcrest
