// A hook that allocates would call itself: nothing on the slow path may reach malloc.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>

#include "profiler/recorder.h"

// Every allocation of this program comes through here.
extern "C" {
void* __libc_malloc(size_t);
void* __libc_calloc(size_t, size_t);
void* __libc_realloc(void*, size_t);
static volatile bool g_counting;
static volatile int g_allocations;

static void Count() {
  if (g_counting) g_allocations = g_allocations + 1;
}
void* malloc(size_t size) {
  Count();
  return __libc_malloc(size);
}
void* calloc(size_t count, size_t size) {
  Count();
  return __libc_calloc(count, size);
}
void* realloc(void* block, size_t size) {
  Count();
  return __libc_realloc(block, size);
}
}

namespace heapcrest {
namespace {

TEST(NoAllocationTest, FirstAndLaterSamplesAndFoldsReachNoMalloc) {
  char folder[] = "/tmp/heapcrest-no-allocation-XXXXXX";
  ASSERT_NE(mkdtemp(folder), nullptr);
  setenv("HEAPCREST_CAPTURES", folder, 1);
  setenv("HEAPCREST_INTERVAL", "2", 1);  // at 1 nothing would be folded
  constexpr int kBlocks = 50'000;
  static void* blocks[kBlocks];
  for (void*& block : blocks) ASSERT_NE(block = malloc(100), nullptr);
  g_counting = true;
  const bool counts = malloc(1) != nullptr && g_allocations == 1;
  g_allocations = 0;
  int recorded = 0;
  for (int i = 0; i < kBlocks; ++i) {  // the first one starts the session
    if (PassesUnsampled(100) || !DecideSlow(100)) continue;
    RecordAllocationSlow(blocks[i], 100);
    ++recorded;
    if (i % 3 != 0) continue;
    uint64_t id;
    CountFreeSlow(BlockBytes(blocks[i]));
    if (TakeSampleSlow(blocks[i], &id)) RecordFreeSlow(id);
  }
  FoldSlow(&t_thread);
  g_session.NoteUnload();
  g_session.NoteExit(0);
  g_counting = false;
  EXPECT_TRUE(counts);
  EXPECT_EQ(recorded, kBlocks);
  EXPECT_EQ(g_allocations, 0);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace heapcrest
