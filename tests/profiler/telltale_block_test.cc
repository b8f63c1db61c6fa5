// With the hooks linked in, as if preloaded, at the default interval: samples have sizes that tell,
// and what is counted is what the program asked for all the same.
#include "profiler/telltale_block.h"

#include <gtest/gtest.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "profiler/recorder.h"
#include "tests/profiler/folds.h"

namespace heapcrest {
namespace {

uint64_t Random(uint64_t* state) {
  *state = *state * 6364136223846793005u + 1442695040888963407u;
  return *state >> 33;
}

std::string g_capture;
Fold g_folds[size_t{1} << 20];

Totals Counted() {
  FoldSlow(&t_thread);
  size_t folds;
  return ReadFolds(g_capture.c_str(), g_folds, &folds);
}

int Records(RecordKind kind) { return CountRecords(g_capture.c_str(), kind); }

TEST(TelltaleBlockTest, GrowsABlockByLessThan256BytesToOneThatTells) {
  for (size_t size = 1; size < 5000; ++size) {
    const size_t asked = TelltaleSize(size);
    ASSERT_TRUE(asked >= size && asked < size + 256) << size;
    ASSERT_TRUE(HeaderTells(BlockBytesFor(asked) | 1)) << size;
  }
  EXPECT_EQ(TelltaleSize(SIZE_MAX), SIZE_MAX);
}

TEST(TelltaleBlockTest, FewOtherSizesTell) {
  EXPECT_TRUE(HeaderTells(240) && HeaderTells(256) && HeaderTells(4096 + 240));
  for (size_t power = 16; power < 65536; power *= 2) EXPECT_FALSE(HeaderTells(power + 16)) << power;
  EXPECT_TRUE(HeaderTells((4096 - 48) | kMapped));
}

// A block of each kind; `way` says which.
void* AllocateSomehow(uint64_t way, size_t size) {
  void* block = nullptr;
  switch (way % 10) {
    case 0:
      return calloc(1, size);
    case 1:
      return posix_memalign(&block, 64, size) == 0 ? block : nullptr;
    case 2:
      return aligned_alloc(128, size);
    case 3:
      return memalign(32, size);
    case 4:
      return realloc(malloc(size / 2), size);
    case 5:
      return memalign(4096, size);
    case 6:
      return pvalloc(size);
    default:
      return malloc(size);
  }
}

TEST(TelltaleBlockTest, WhatComesAndGoesIsCountedAndEverySampleThatGoesIsRecorded) {
  ASSERT_TRUE(SizesTell());
  const int64_t live_before = Counted().live;
  const int samples_before = Records(RecordKind::kAllocation) - Records(RecordKind::kFree);
  std::vector<void*> blocks(2000);
  uint64_t random = 1;
  for (int i = 0; i < 300'000; ++i) {
    void*& block = blocks[Random(&random) % blocks.size()];
    free(block);
    const size_t size = 1 + Random(&random) % (i % 1000 == 0 ? 300'000 : 3000);
    block = AllocateSomehow(Random(&random), size);
    ASSERT_NE(block, nullptr);
    ASSERT_GE(malloc_usable_size(block), size);
    memset(block, 0xff, size);
  }
  EXPECT_GT(Records(RecordKind::kAllocation) - samples_before, 5000);
  EXPECT_GT(Records(RecordKind::kAllocation) - Records(RecordKind::kFree), samples_before + 20);
  for (void* block : blocks) free(block);
  std::vector<void*>().swap(blocks);
  EXPECT_TRUE(SizesTell());
  EXPECT_EQ(Records(RecordKind::kAllocation) - Records(RecordKind::kFree), samples_before);
  EXPECT_EQ(Counted().live, live_before);
}

TEST(TelltaleBlockTest, BlocksOfOneSizeAreCountedAsTheProgramAsked) {
  const Totals before = Counted();
  const int samples_before = Records(RecordKind::kAllocation);
  constexpr int kBlocks = 20'000;
  static void* blocks[kBlocks];
  for (void*& block : blocks) {
    block = malloc(100);
    const size_t usable = malloc_usable_size(block);
    ASSERT_TRUE(usable == 104 || usable == 120) << usable;
  }
  const Totals after = Counted();
  EXPECT_GT(Records(RecordKind::kAllocation), samples_before + 10);
  EXPECT_EQ(after.requested - before.requested, kBlocks * 100);
  // glibc gives some block 16 bytes more than it needs.
  EXPECT_LT(std::abs(after.live - before.live - kBlocks * 112), 16 * 100);
  for (void*& block : blocks) block = realloc(block, 200);
  EXPECT_LT(std::abs(Counted().live - before.live - kBlocks * 208), 16 * 1000);
  for (void* block : blocks) free(block);
  EXPECT_EQ(Counted().live, before.live);
}

TEST(TelltaleBlockTest, CutsOffWhatGlibcLeavesBehindAnAlignedBlock) {
  void* block = AllocateTelltale([](Request ask) { return g_real.malloc(ask(100) + 32); });
  EXPECT_TRUE(SizesTell());
  EXPECT_TRUE(MayTell(block));
  EXPECT_EQ(TelltaleBytesIn(block, 100), HeaderBytes(block) - 112);
  g_real.free(block);
}

TEST(TelltaleBlockTest, LooksAllUpOnceASampleHasNoSuchSize) {
  void* block = AllocateTelltale([](Request) { return g_real.malloc(900); });
  EXPECT_FALSE(SizesTell());
  EXPECT_TRUE(MayTell(block));
  EXPECT_EQ(TelltaleBytesIn(block, 100), 0u);
  g_real.free(block);
  LetSizesTell();
}

TEST(TelltaleBlockTest, TakesTheSmallerBlockWhereMemoryIsShort) {
  void* block =
      AllocateTelltale([](Request ask) { return ask.tells ? nullptr : g_real.malloc(100); });
  EXPECT_NE(block, nullptr);
  EXPECT_TRUE(MayTell(block));
  g_real.free(block);
  LetSizesTell();
}

TEST(TelltaleBlockTest, WhatCannotBeHadFailsAsEver) {
  volatile size_t most = SIZE_MAX;  // or the compiler would warn
  for (int i = 0; i < 100; ++i) {
    ASSERT_EQ(pvalloc(most), nullptr);
    ASSERT_EQ(valloc(most - 5000), nullptr);
    ASSERT_EQ(malloc(most), nullptr);
    ASSERT_EQ(realloc(nullptr, most), nullptr);
  }
}

TEST(TelltaleBlockTest, NullMayBeASampleAndNothingHappensToIt) {
  EXPECT_TRUE(MayTell(nullptr));
  const Totals before = Counted();
  free(nullptr);
  EXPECT_EQ(Counted(), before);
}

}  // namespace
}  // namespace heapcrest

// The session starts with the process, so the settings must be there before.
int main(int argc, char** argv) {
  if (getenv("HEAPCREST_CAPTURES") == nullptr) {
    char folder[] = "/tmp/heapcrest-telltale-XXXXXX";
    if (mkdtemp(folder) == nullptr) return 2;
    setenv("HEAPCREST_CAPTURES", folder, 1);
    execv("/proc/self/exe", argv);
    return 2;
  }
  const std::filesystem::path folder = getenv("HEAPCREST_CAPTURES");
  heapcrest::g_capture = std::filesystem::directory_iterator(folder)->path();
  testing::InitGoogleTest(&argc, argv);
  const int result = RUN_ALL_TESTS();
  std::filesystem::remove_all(folder);
  return result;
}
