#include "viewer/sample_sums.h"

#include <gtest/gtest.h>

namespace heapcrest {
namespace {

const Weight kLarge = {5000, 1 << 16, 8, 0}, kObject = {9000, 450 << 16, 5400, 1e6, true};

TEST(SampleSumsTest, EachKindIsAddedUpByItself) {
  const Weight small = WeightOf(100, 4096, 12);
  SampleSums sums;
  sums.Add(small);
  sums.Add(small);
  sums.Add(kLarge);
  sums.Add(kObject);
  EXPECT_EQ(sums.small.samples, 2);
  EXPECT_EQ(sums.small.bytes, 2 * small.bytes);
  EXPECT_EQ(sums.small.count_q16, 2 * small.count_q16);
  EXPECT_EQ(sums.small.overhead, 2 * small.overhead);
  EXPECT_EQ(sums.large.blocks, 1);
  EXPECT_EQ(sums.large.bytes, 5000);
  EXPECT_EQ(sums.objects.samples, 1);
  EXPECT_EQ(sums.objects.bytes, 9000);
}

// That of bytes with themselves is their variance; of blocks of one size all three go together.
TEST(SampleSumsTest, CovariancesAreThoseOfWhatSamplesStandFor) {
  const Weight weight = WeightOf(100, 4096, 12);
  SampleSums sums;
  for (int i = 0; i < 10; ++i) sums.Add(weight);
  const auto& covariance = sums.small.covariance;
  const double variance = 10 * weight.variance_bytes2;
  EXPECT_NEAR(covariance[1][1], variance, 1e-6 * variance);
  EXPECT_NEAR(covariance[0][0], variance / (100 * 100), 1e-3 * variance / (100 * 100));
  EXPECT_NEAR(covariance[0][1], variance / 100, 1e-3 * variance / 100);
  EXPECT_NEAR(covariance[1][2], variance * 12 / 100, 1e-3 * variance * 12 / 100);
  EXPECT_EQ(covariance[2][0], covariance[0][2]);
}

TEST(SampleSumsTest, WhatIsTakenAwayIsGone) {
  SampleSums sums;
  for (const Weight& weight : {WeightOf(100, 4096, 12), kLarge, kObject}) {
    sums.Add(weight);
    sums.Add(weight, -1);
  }
  EXPECT_EQ(sums.small.samples, 0);
  EXPECT_EQ(sums.small.bytes, 0);
  EXPECT_EQ(sums.small.covariance[1][1], 0);
  EXPECT_EQ(sums.large.blocks, 0);
  EXPECT_EQ(sums.objects.overhead, 0);
}

}  // namespace
}  // namespace heapcrest
