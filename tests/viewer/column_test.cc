#include "viewer/column.h"

#include <gtest/gtest.h>

namespace heapcrest {
namespace {

TEST(ColumnTest, NumbersComeBack) {
  const uint64_t numbers[] = {0, 1, 127, 128, UINT32_MAX, UINT64_MAX};
  ColumnWriter plain, deltas, more;
  for (const uint64_t number : numbers) plain.Number(number);
  for (const uint64_t number : numbers) deltas.Delta(number);
  more.Signed(INT64_MIN);
  more.Bytes("text");
  std::string block;
  for (const ColumnWriter* column : {&plain, &deltas, &more}) column->AppendTo(&block);

  std::string_view rest = block;
  ColumnReader plain_in, deltas_in, more_in;
  for (ColumnReader* column : {&plain_in, &deltas_in, &more_in}) {
    ASSERT_TRUE(ColumnReader::TakeFrom(&rest, column));
  }
  EXPECT_TRUE(rest.empty());
  for (const uint64_t number : numbers) {
    uint64_t read = 1;
    EXPECT_TRUE(plain_in.Number(&read));
    EXPECT_EQ(read, number);
    EXPECT_TRUE(deltas_in.Delta(&read));
    EXPECT_EQ(read, number);
  }
  EXPECT_TRUE(plain_in.AtEnd());
  int64_t negative = 0;
  std::string_view text;
  EXPECT_TRUE(more_in.Signed(&negative));
  EXPECT_EQ(negative, INT64_MIN);
  EXPECT_FALSE(more_in.Bytes(5, &text));
  EXPECT_TRUE(more_in.Bytes(4, &text));
  EXPECT_EQ(text, "text");
}

TEST(ColumnTest, NothingIsReadBeyondTheEnd) {
  ColumnReader empty;
  uint64_t number = 0;
  uint32_t narrow = 0;
  int64_t negative = 0;
  EXPECT_FALSE(empty.Number(&number));
  EXPECT_FALSE(empty.Number32(&narrow));
  EXPECT_FALSE(empty.Signed(&negative));
  EXPECT_FALSE(empty.Delta(&number));
  EXPECT_FALSE(empty.Delta32(&narrow));
  std::string_view block(
      "\x05"
      "abc");
  EXPECT_FALSE(ColumnReader::TakeFrom(&block, &empty));
  block = "\x80";
  EXPECT_FALSE(ColumnReader::TakeFrom(&block, &empty));
}

TEST(ColumnTest, NumbersThatDoNotFit32BitsAreRefused) {
  ColumnWriter writer;
  writer.Number(uint64_t{1} << 32);
  std::string block;
  writer.AppendTo(&block);
  std::string_view rest = block;
  ColumnReader reader;
  ASSERT_TRUE(ColumnReader::TakeFrom(&rest, &reader));
  uint32_t narrow = 0;
  ColumnReader again = reader;
  EXPECT_FALSE(reader.Number32(&narrow));
  EXPECT_FALSE(again.Delta32(&narrow) && again.Delta32(&narrow));
}

}  // namespace
}  // namespace heapcrest
