// Every way to allocate and to free is counted, exactly: what the capture says is what the real
// allocator gave and took.
#include <errno.h>
#include <gtest/gtest.h>
#include <malloc.h>
#include <stdlib.h>

#include <cstring>
#include <new>
#include <vector>

#include "profiler/real_allocator.h"
#include "tests/profiler/hooked_process.h"

// clang 14 declares it only with -fsized-deallocation.
void operator delete(void* block, std::size_t size, std::align_val_t alignment) noexcept;

namespace heapcrest {
namespace {

uint64_t Random(uint64_t* state) {
  *state = *state * 6364136223846793005u + 1442695040888963407u;
  return *state >> 33;
}

TEST(HooksTest, ManyBlocksOfAllSizes) {
  Stretch stretch;
  std::vector<void*> blocks(1000);
  uint64_t random = 1;
  for (int i = 0; i < 200'000; ++i) {
    void*& block = blocks[Random(&random) % blocks.size()];
    free(block);
    block = malloc(Random(&random) % 3000);
  }
  for (void* block : blocks) free(block);
  stretch.ExpectExact();
  EXPECT_GE(stretch.counted().allocated, 200'000);
}

TEST(HooksTest, BlocksThatStay) {
  Stretch stretch;
  void* block = malloc(1000);
  stretch.ExpectExact();
  EXPECT_EQ(stretch.counted(), (Totals{1, 1000, 0, 1008}));
  free(block);
}

TEST(HooksTest, BlocksOfNoBytesTakeSome) {
  Stretch stretch;
  void* block = malloc(0);
  stretch.ExpectExact();
  EXPECT_EQ(stretch.counted(), (Totals{1, 0, 0, 32}));
  free(block);
}

TEST(HooksTest, FreeOfNothingIsNone) {
  Stretch stretch;
  for (int i = 0; i < 1000; ++i) free(nullptr);
  stretch.ExpectExact();
  EXPECT_EQ(stretch.counted(), Totals());
}

TEST(HooksTest, ReallocOfEveryKind) {
  Stretch stretch;
  void* block = realloc(nullptr, 100);
  block = realloc(block, 104);         // in place
  block = realloc(block, 50'000);      // moved
  block = realloc(block, 40);          // shrunk
  block = realloc(block, 10'000'000);  // to a mapping of its own
  block = realloc(block, 20'000'000);  // remapped
  block = realloc(block, 1'000);       // and back
  block = reallocarray(block, 30, 100);
  void* volatile kept = block;
  volatile size_t half = SIZE_MAX / 2;
  EXPECT_EQ(reallocarray(kept, half, 3), nullptr);
  EXPECT_EQ(realloc(kept, half), nullptr);
  EXPECT_EQ(realloc(kept, 0), nullptr);  // frees
  stretch.ExpectExact();
  EXPECT_EQ(stretch.counted().allocated, 8);
  EXPECT_EQ(stretch.counted().freed, 8);
  EXPECT_EQ(stretch.counted().live, 0);
}

TEST(HooksTest, ReallocOfManyBlocks) {
  Stretch stretch;
  std::vector<void*> blocks(200);
  uint64_t random = 5;
  for (int i = 0; i < 50'000; ++i) {
    void*& block = blocks[Random(&random) % blocks.size()];
    block = realloc(block, 1 + Random(&random) % 2000);
  }
  for (void* block : blocks) free(block);
  stretch.ExpectExact();
}

TEST(HooksTest, RequestsThatNobodyCanMeet) {
  Stretch stretch;
  volatile size_t much = SIZE_MAX / 2;
  EXPECT_EQ(calloc(much, 3), nullptr);
  EXPECT_EQ(malloc(much), nullptr);
  EXPECT_EQ(aligned_alloc(64, much), nullptr);
  EXPECT_EQ(operator new(much, std::nothrow), nullptr);
  EXPECT_THROW(operator delete(operator new(much)), std::bad_alloc);
  stretch.ExpectExact();
}

TEST(HooksTest, FullHeapCountsNoBlock) {
  void* block = malloc(10);
  Stretch stretch;
  g_heap_is_full = true;
  void* volatile failed = malloc(100);
  void* volatile failed_too = calloc(3, 100);
  void* volatile failed_again = realloc(block, 1000);
  g_heap_is_full = false;
  stretch.End();
  EXPECT_EQ(failed, nullptr);
  EXPECT_EQ(failed_too, nullptr);
  EXPECT_EQ(failed_again, nullptr);
  // Small requests that fail stay among what was requested.
  EXPECT_EQ(stretch.counted(), (Totals{0, 1400, 0, 0}));
  free(block);
}

TEST(HooksTest, AlignedBlocks) {
  Stretch stretch;
  for (size_t alignment = 16; alignment <= 65536; alignment *= 2) {
    void* block = nullptr;
    ASSERT_EQ(posix_memalign(&block, alignment, 100), 0);
    free(block);
    free(aligned_alloc(alignment, 3 * alignment));
    free(memalign(alignment, 5000));
    free(memalign(alignment, 300'000));
  }
  free(valloc(10));
  free(pvalloc(10));
  stretch.ExpectExact();
}

TEST(HooksTest, AlignmentThatThereIsNotGivesNoBlock) {
  Stretch stretch;
  void* untouched = &stretch;
  EXPECT_EQ(posix_memalign(&untouched, 3, 0), EINVAL);
  EXPECT_EQ(untouched, &stretch);
  stretch.ExpectExact();
}

TEST(HooksTest, MappedBlocks) {
  Stretch stretch;
  void* block = malloc(1'000'000);
  stretch.ExpectExact();
  EXPECT_GE(stretch.counted().live, 1'000'000);
  EXPECT_LE(stretch.counted().live, 1'000'000 + 4096 + 16);
  Stretch second;
  free(block);
  second.ExpectExact();
  EXPECT_EQ(second.counted().live, -stretch.counted().live);
}

struct alignas(256) Wide {
  char bytes[300];
};

TEST(HooksTest, OperatorsOfEveryKind) {
  Stretch stretch;
  delete new int;
  delete[] new char[100];
  delete new Wide;
  delete[] new Wide[3];
  operator delete(operator new(0));
  operator delete(operator new(10, std::nothrow), std::nothrow);
  operator delete[](operator new[](10, std::nothrow), std::nothrow);
  constexpr auto kAlign = std::align_val_t{64};
  operator delete(operator new(10, kAlign, std::nothrow), kAlign, std::nothrow);
  operator delete[](operator new[](10, kAlign, std::nothrow), kAlign, std::nothrow);
  operator delete(operator new(10, kAlign), 10, kAlign);
  stretch.End();
  EXPECT_EQ(stretch.counted().allocated, stretch.truth().allocated);
  EXPECT_EQ(stretch.counted().freed, stretch.truth().freed);
  EXPECT_EQ(stretch.counted().live, 0);
  // What the program asked for; the real allocator is asked for a multiple of the alignment.
  EXPECT_LE(stretch.counted().requested, stretch.truth().requested);
}

TEST(HooksTest, ErrnoIsPreserved) {
  errno = 4711;
  for (int i = 0; i < 100'000; ++i) {
    void* block = malloc(static_cast<size_t>(i % 3000));
    ASSERT_EQ(errno, 4711);
    block = realloc(block, static_cast<size_t>(i % 4000 + 1));
    ASSERT_EQ(errno, 4711);
    free(block);
    ASSERT_EQ(errno, 4711);
  }
}

TEST(HooksTest, PeakOfOneThreadIsKnownToOneInFiveHundred) {
  BeginPeak();
  for (int mountain = 1; mountain <= 3; ++mountain) {  // the last is the process's highest
    std::vector<void*> blocks;
    for (int i = 0; i < 150'000 * mountain; ++i) blocks.push_back(malloc(100));
    for (void* block : blocks) free(block);
  }
  const Peak peak = EndPeak();
  EXPECT_GT(peak.truth, 450'000 * 112);
  EXPECT_NEAR(static_cast<double>(peak.counted), static_cast<double>(peak.truth),
              static_cast<double>(peak.truth) / 500);
}

}  // namespace
}  // namespace heapcrest
