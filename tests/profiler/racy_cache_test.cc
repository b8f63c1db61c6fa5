#include "profiler/racy_cache.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace heapcrest {
namespace {

TEST(RacyCacheTest, FindsWhatWasAddedUntilItIsCleared) {
  RacyCache<4> cache;
  uint64_t value;
  EXPECT_FALSE(cache.Find(17, &value));
  cache.Add(17, 4711);
  ASSERT_TRUE(cache.Find(17, &value));
  EXPECT_EQ(value, 4711u);
  cache.Add(17, 17);  // the check word is 0 now
  ASSERT_TRUE(cache.Find(17, &value));
  EXPECT_EQ(value, 17u);
  cache.Clear();
  EXPECT_FALSE(cache.Find(17, &value));
}

TEST(RacyCacheTest, LaterEntriesTakeThePlacesOfEarlierOnes) {
  RacyCache<4> cache;
  for (uint64_t key = 1; key <= 1000; ++key) cache.Add(key, 2 * key);
  int found = 0;
  uint64_t value;
  for (uint64_t key = 1; key <= 1000; ++key) {
    if (!cache.Find(key, &value)) continue;
    EXPECT_EQ(value, 2 * key);
    ++found;
  }
  EXPECT_EQ(found, 16);
}

TEST(RacyCacheTest, NoReaderGetsAnothersValue) {
  RacyCache<2> cache;  // everything meets everything
  std::vector<std::thread> threads;
  for (uint64_t t = 0; t < 4; ++t) {
    threads.emplace_back([&cache, t] {
      uint64_t value;
      for (uint64_t i = 1; i < 100'000; ++i) {
        const uint64_t key = 1 + (i * 7 + t) % 64;
        if (cache.Find(key, &value)) {
          EXPECT_EQ(value, key * 0x9e3779b97f4a7c15);
        }
        cache.Add(key, key * 0x9e3779b97f4a7c15);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace heapcrest
