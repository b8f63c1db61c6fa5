#include "viewer/printable.h"

#include <gtest/gtest.h>

#include <random>

namespace heapcrest {
namespace {

#define REPLACED "\xef\xbf\xbd"

TEST(PrintableTest, OrdinaryTextStays) {
  EXPECT_EQ(Printable("std::vector<int>::push_back(int&&)"), "std::vector<int>::push_back(int&&)");
  EXPECT_EQ(Printable("größe 大きさ 🙂"), "größe 大きさ 🙂");
  EXPECT_EQ(Printable(""), "");
}

TEST(PrintableTest, NothingThatATerminalObeysIsLeft) {
  EXPECT_EQ(Printable("\x1b[31mred\x07"), REPLACED "[31mred" REPLACED);
  EXPECT_EQ(Printable("a\nb\rc\td"), "a" REPLACED "b" REPLACED "c" REPLACED "d");
  EXPECT_EQ(Printable(std::string_view("\0", 1)), REPLACED);
  EXPECT_EQ(Printable("\x7f"), REPLACED);
  EXPECT_EQ(Printable("\xc2\x9b"), REPLACED);  // CSI, one character of C1
  EXPECT_EQ(Printable("\xe2\x80\xae"
                      "gpj.exe"),
            REPLACED "gpj.exe");                   // right-to-left override
  EXPECT_EQ(Printable("\xe2\x80\xa8"), REPLACED);  // line separator
}

TEST(PrintableTest, BytesThatAreNotUtf8AreReplacedOneByOne) {
  EXPECT_EQ(Printable("a\xff"
                      "b"),
            "a" REPLACED "b");
  EXPECT_EQ(Printable("\xc0\x80"), REPLACED REPLACED);               // overlong NUL
  EXPECT_EQ(Printable("\xed\xa0\x80"), REPLACED REPLACED REPLACED);  // a surrogate
  EXPECT_EQ(Printable("\xe2\x82"), REPLACED REPLACED);               // cut
  EXPECT_EQ(Printable("\xf5\x80\x80\x80"), REPLACED REPLACED REPLACED REPLACED);
}

TEST(PrintableTest, RandomBytesBecomeValid) {
  std::mt19937 random(1);
  for (int i = 0; i < 2000; ++i) {
    std::string text;
    for (size_t n = random() % 20; n > 0; --n) text += static_cast<char>(random());
    EXPECT_TRUE(IsUtf8(Printable(text)));
    EXPECT_EQ(Printable(Printable(text)), Printable(text));
  }
}

TEST(PrintableTest, LongTextLosesItsMiddle) {
  EXPECT_EQ(PrintableWithin("short", 5), "short");
  EXPECT_EQ(PrintableWithin("abcdefghijkl", 7), "abcd…kl");
  const std::string huge(100'000, 'x');
  EXPECT_EQ(CharacterCount(PrintableWithin(huge, 100)), 100u);
  EXPECT_EQ(PrintableWithin("äöüäöüäöü", 4), "äö…ü");
  EXPECT_TRUE(IsUtf8(PrintableWithin("äöüäöüäöü", 4)));
}

}  // namespace
}  // namespace heapcrest
