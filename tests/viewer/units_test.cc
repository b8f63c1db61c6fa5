#include "viewer/units.h"

#include <gtest/gtest.h>

namespace heapcrest {
namespace {

TEST(UnitsTest, ShortTimesKeepTheirDigits) {
  EXPECT_EQ(FormatDuration(0), "under 1 µs");
  EXPECT_EQ(FormatDuration(412e-6), "412 µs");
  EXPECT_EQ(FormatDuration(0.001), "1.0 ms");
  EXPECT_EQ(FormatDuration(0.31), "310.0 ms");
  EXPECT_EQ(FormatDuration(2.1), "2.10 s");
}

TEST(UnitsTest, BytesAreDecimalWithFewDigits) {
  const std::pair<int64_t, const char*> cases[] = {{0, "0 B"},
                                                   {1, "1 B"},
                                                   {999, "999 B"},
                                                   {1000, "1.0 kB"},
                                                   {65536, "65.5 kB"},
                                                   {999'949, "999.9 kB"},
                                                   {999'950, "1.0 MB"},
                                                   {28'000'000, "28.0 MB"},
                                                   {999'949'999, "999.9 MB"},
                                                   {999'950'000, "1.00 GB"},
                                                   {3'100'000'000, "3.10 GB"},
                                                   {1'250'000'000'000, "1.25 TB"},
                                                   {-28'000'000, "-28.0 MB"},
                                                   {INT64_MAX, "9.22 EB"}};
  for (const auto& [bytes, text] : cases) EXPECT_EQ(FormatBytes(bytes), text);
}

TEST(UnitsTest, CountsHaveThousandsSeparators) {
  EXPECT_EQ(FormatCount(0), "0");
  EXPECT_EQ(FormatCount(999), "999");
  EXPECT_EQ(FormatCount(1000), "1,000");
  EXPECT_EQ(FormatCount(1'000'042), "1,000,042");
  EXPECT_EQ(FormatCount(-123'456), "-123,456");
  EXPECT_EQ(FormatCount(INT64_MIN), "-9,223,372,036,854,775,808");
}

TEST(UnitsTest, SecondsGrowIntoMinutesAndHours) {
  EXPECT_EQ(FormatSeconds(0), "0.000 s");
  EXPECT_EQ(FormatSeconds(0.0344), "0.034 s");
  EXPECT_EQ(FormatSeconds(0.9999), "1.00 s");
  EXPECT_EQ(FormatSeconds(2.1), "2.10 s");
  EXPECT_EQ(FormatSeconds(12.34), "12.3 s");
  EXPECT_EQ(FormatSeconds(59.99), "1 min 00 s");
  EXPECT_EQ(FormatSeconds(245), "4 min 05 s");
  EXPECT_EQ(FormatSeconds(11'520), "3 h 12 min");
}

TEST(UnitsTest, PercentagesHaveOneDigitAndNothingHasNoShare) {
  EXPECT_EQ(FormatPercent(0.25), "25.0 %");
  EXPECT_EQ(FormatPercent(Share(1, 3)), "33.3 %");
  EXPECT_EQ(FormatPercent(Share(1, 0)), "0.0 %");
}

}  // namespace
}  // namespace heapcrest
