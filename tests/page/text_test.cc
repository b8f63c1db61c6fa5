#include "viewer/report/text.h"

#include <gtest/gtest.h>

namespace heapcrest {
namespace {

constexpr char kReplacement[] = "\xef\xbf\xbd";

TEST(TextTest, ValidTextIsLeftAlone) {
  EXPECT_EQ(CleanText("plain"), "plain");
  EXPECT_EQ(CleanText("ünïcode 漢字 \xf0\x9f\x90\x98"), "ünïcode 漢字 \xf0\x9f\x90\x98");
  EXPECT_EQ(CleanText(std::string_view("a\0b", 3)), std::string("a\0b", 3));
}

TEST(TextTest, BytesThatAreNotUtf8BecomeReplacementCharacters) {
  EXPECT_EQ(CleanText("a\xff"
                      "b"),
            std::string("a") + kReplacement + "b");
  EXPECT_EQ(CleanText("\xc3"), kReplacement);
  EXPECT_EQ(CleanText("\xc0\xaf"), std::string(kReplacement) + kReplacement);  // overlong
  EXPECT_EQ(CleanText("\xed\xa0\x80"),
            std::string(kReplacement) + kReplacement + kReplacement);  // a surrogate
  EXPECT_EQ(CleanText("\xf4\x90\x80\x80").size(), 12u);                // beyond U+10FFFF
}

TEST(TextTest, LongTextLosesItsMiddleAndSaysSo) {
  const std::string text = CleanText(std::string(5000, 'a') + std::string(5000, 'b'), 100);
  EXPECT_LT(text.size(), 200u);
  EXPECT_NE(text.find("(9900 bytes left out)"), std::string::npos);
  EXPECT_EQ(text.front(), 'a');
  EXPECT_EQ(text.back(), 'b');
}

TEST(TextTest, MarkupBecomesEntities) {
  EXPECT_EQ(EscapeHtml("</script a=\"b\" c='d'>&"),
            "&lt;/script a=&quot;b&quot; c=&#39;d&#39;&gt;&amp;");
}

TEST(TextTest, CharactersThatHideOrReorderBecomeVisible) {
  EXPECT_EQ(EscapeHtml("a\xe2\x80\xae"
                       "b"),
            "a\\u202eb");
  EXPECT_EQ(EscapeHtml(std::string_view("\0\n\x7f", 3)), "\\u0000\\u000a\\u007f");
  EXPECT_EQ(EscapeHtml("\xef\xbb\xbf"), "\\ufeff");
}

}  // namespace
}  // namespace heapcrest
