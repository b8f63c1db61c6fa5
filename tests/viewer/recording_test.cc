#include "viewer/recording.h"

#include <gtest/gtest.h>

namespace heapcrest {
namespace {

TEST(StringTableTest, TheEmptyTextIsZero) {
  StringTable strings;
  EXPECT_EQ(strings.Intern(""), 0u);
  EXPECT_EQ(strings[0], "");
}

TEST(StringTableTest, EachTextHasOneId) {
  StringTable strings;
  const uint32_t a = strings.Intern("a");
  const uint32_t nul = strings.Intern(std::string_view("a\0b", 3));
  EXPECT_NE(a, nul);
  EXPECT_EQ(strings.Intern("a"), a);
  EXPECT_EQ(strings[nul].size(), 3u);
  EXPECT_EQ(strings.size(), 3u);
}

TEST(StringTableTest, TextsStayWhereTheyAreWhenTheTableMoves) {
  StringTable strings;
  const uint32_t id = strings.Intern("short");
  for (int i = 0; i < 10'000; ++i) strings.Intern(std::to_string(i));
  const StringTable moved = std::move(strings);
  EXPECT_EQ(moved[id], "short");
}

}  // namespace
}  // namespace heapcrest
