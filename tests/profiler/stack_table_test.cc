#include "profiler/stack_table.h"

#include <gtest/gtest.h>

namespace heapcrest {
namespace {

TEST(StackTableTest, AStackIsNewUntilItIsPublished) {
  StackTable table;
  uint64_t first, second, known;
  EXPECT_FALSE(table.Find(4711, &first));
  EXPECT_FALSE(table.Find(4711, &second));  // by another thread, before the first has written it
  EXPECT_NE(first, second);
  table.Publish(4711, first);
  EXPECT_TRUE(table.Find(4711, &known));
  EXPECT_EQ(known, first);
}

TEST(StackTableTest, HashesThatTheTableCannotHoldAreStacksAsWell) {
  StackTable table;
  for (const uint64_t hash : {uint64_t{0}, UINT64_MAX}) {
    uint64_t stack_id, known;
    table.Clear();
    EXPECT_FALSE(table.Find(hash, &stack_id));
    table.Publish(hash, stack_id);
    EXPECT_TRUE(table.Find(hash, &known));
    EXPECT_EQ(known, stack_id);
  }
}

}  // namespace
}  // namespace heapcrest
