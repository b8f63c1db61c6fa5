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

void* Address(uintptr_t value) { return reinterpret_cast<void*>(value); }

TEST(NoAllocationTest, FirstAndLaterSamplesReachNoMalloc) {
  char folder[] = "/tmp/heapcrest-no-allocation-XXXXXX";
  ASSERT_NE(mkdtemp(folder), nullptr);
  setenv("HEAPCREST_CAPTURES", folder, 1);
  setenv("HEAPCREST_INTERVAL", "1", 1);
  ASSERT_NE(malloc(1), nullptr);
  g_counting = true;
  const bool counts = malloc(1) != nullptr && g_allocations == 1;
  g_allocations = 0;
  int recorded = 0;
  for (uintptr_t i = 1; i <= 50000; ++i) {  // the first one starts the session
    if (PassesUnsampled(100) || !DecideSlow(100)) continue;
    RecordAllocationSlow(Address(i * 64), 100);
    uint64_t id;
    if (i % 3 == 0 && TakeSampleSlow(Address(i * 64), &id)) RecordFreeSlow(id);
    ++recorded;
  }
  g_session.NoteUnload();
  g_session.NoteExit(0);
  g_counting = false;
  EXPECT_TRUE(counts);
  EXPECT_EQ(recorded, 50000);
  EXPECT_EQ(g_allocations, 0);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace heapcrest
