#include "profiler/unwind/unwind_rule.h"

#include <gtest/gtest.h>

#include <memory>

namespace heapcrest {
namespace {

TEST(UnwindRuleTest, SurvivesPacking) {
  for (const int32_t cfa : {0, 8, 16, -8, 1 << 30, INT32_MIN, INT32_MAX}) {
    for (const int32_t bp : {0, -16, -(1 << 23), (1 << 23) - 1}) {
      UnwindRule rule;
      rule.kind = UnwindRule::Kind::kIndirectBp;
      rule.bp_saved = true;
      rule.cfa_offset = cfa;
      rule.bp_offset = bp;
      ASSERT_TRUE(rule.Fits());
      const UnwindRule read = UnwindRule::Unpack(rule.Pack());
      EXPECT_EQ(read.kind, rule.kind);
      EXPECT_EQ(read.bp_saved, rule.bp_saved);
      EXPECT_EQ(read.cfa_offset, cfa);
      EXPECT_EQ(read.bp_offset, bp);
    }
  }
}

TEST(UnwindRuleCacheTest, FindsWhatWasAddedUntilItIsCleared) {
  auto cache = std::make_unique<UnwindRuleCache>();
  UnwindRule rule;
  EXPECT_FALSE(cache->Find(0x401000, &rule));
  rule.kind = UnwindRule::Kind::kFromSp;
  rule.cfa_offset = 24;
  cache->Add(0x401000, rule);
  UnwindRule found;
  ASSERT_TRUE(cache->Find(0x401000, &found));
  EXPECT_EQ(found.cfa_offset, 24);
  cache->Clear();
  EXPECT_FALSE(cache->Find(0x401000, &found));
}

}  // namespace
}  // namespace heapcrest
