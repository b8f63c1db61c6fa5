#include "tests/profiler/hooked_process.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "profiler/recorder.h"

namespace heapcrest {
namespace {

namespace fs = std::filesystem;

// --- the truth ------------------------------------------------------------------------------

RealAllocator g_libc;
std::atomic<int64_t> g_allocated, g_requested, g_freed, g_live, g_peak;

void* Gave(void* block, size_t size) {
  if (block == nullptr) return nullptr;
  g_allocated += 1;
  g_requested += static_cast<int64_t>(size);
  const auto bytes = static_cast<int64_t>(BlockBytes(block));
  const int64_t live = g_live += bytes;
  int64_t peak = g_peak;
  while (live > peak && !g_peak.compare_exchange_weak(peak, live)) {
  }
  return block;
}

void Took(size_t block_bytes) {
  g_freed += 1;
  g_live -= static_cast<int64_t>(block_bytes);
}

void* Realloc(void* old, size_t size) {
  if (g_heap_is_full) return nullptr;
  const size_t old_bytes = BlockBytes(old);
  void* block = g_libc.realloc(old, size);
  if (block != nullptr || size == 0) Took(old_bytes);
  return Gave(block, size);
}

void CountWhereTheHooksCall() {
  // A resolver would put the real function in our function's place.
  void* aligned = nullptr;
  if (g_real.posix_memalign(&aligned, 64, 1) == 0) g_real.free(aligned);
  g_real.free(g_real.realloc(g_real.calloc(1, 1), 2));
  g_real.free(g_real.aligned_alloc(64, 64));
  g_real.free(g_real.memalign(64, 1));
  g_real.free(g_real.valloc(1));
  g_real.free(g_real.pvalloc(1));
  g_libc = g_real;
  g_real.malloc = [](size_t n) { return g_heap_is_full ? nullptr : Gave(g_libc.malloc(n), n); };
  g_real.calloc = [](size_t count, size_t n) {
    return g_heap_is_full ? nullptr : Gave(g_libc.calloc(count, n), count * n);
  };
  g_real.realloc = Realloc;
  g_real.free = [](void* block) {
    Took(BlockBytes(block));
    g_libc.free(block);
  };
  g_real.posix_memalign = [](void** out, size_t alignment, size_t n) {
    const int error = g_libc.posix_memalign(out, alignment, n);
    if (error == 0) Gave(*out, n);
    return error;
  };
  g_real.aligned_alloc = [](size_t a, size_t n) { return Gave(g_libc.aligned_alloc(a, n), n); };
  g_real.memalign = [](size_t a, size_t n) { return Gave(g_libc.memalign(a, n), n); };
  g_real.valloc = [](size_t n) { return Gave(g_libc.valloc(n), n); };
  g_real.pvalloc = [](size_t n) { return Gave(g_libc.pvalloc(n), n); };
}

Totals Truth() { return {g_allocated, g_requested, g_freed, g_live}; }

// --- the capture ----------------------------------------------------------------------------

Fold g_folds[size_t{1} << 20];
char g_folder[] = "/tmp/heapcrest-hooks-XXXXXX";
char g_capture[256];

std::string CaptureOf(pid_t pid) {
  for (const auto& entry : fs::directory_iterator(g_folder)) {
    if (entry.path().filename().string().starts_with(std::to_string(pid) + "-")) {
      return entry.path();
    }
  }
  return "";
}

int64_t g_live_before_peak, g_counted_before_peak;
size_t g_folds_before_peak;

}  // namespace

bool g_heap_is_full = false;

Stretch::Stretch() {
  size_t folds;
  FoldSlow(&t_thread);
  truth_ = Truth();
  counted_ = ReadFolds(g_capture, g_folds, &folds);
}

void Stretch::End() {
  const Stretch after;
  truth_ = after.truth_ - truth_;
  counted_ = after.counted_ - counted_;
}

void Stretch::ExpectExact() {
  End();
  EXPECT_EQ(counted_, truth_);
}

void BeginPeak() {
  FoldSlow(&t_thread);
  g_live_before_peak = g_live;
  g_peak = g_live.load();
  g_counted_before_peak = ReadFolds(g_capture, g_folds, &g_folds_before_peak).live;
}

Peak EndPeak() {
  FoldSlow(&t_thread);
  const int64_t truth = g_peak - g_live_before_peak;
  size_t count;
  ReadFolds(g_capture, g_folds, &count);
  std::sort(g_folds, g_folds + count, [](const Fold& a, const Fold& b) { return a.time < b.time; });
  int64_t live = 0, counted = 0;
  for (size_t i = 0; i < count; ++i) {
    live += g_folds[i].live;
    if (i >= g_folds_before_peak) counted = std::max(counted, live - g_counted_before_peak);
  }
  return {truth, counted};
}

int RecordsOfProcess(pid_t pid, RecordKind kind) {
  return CountRecords(CaptureOf(pid).c_str(), kind);
}

}  // namespace heapcrest

// The session starts with the process, so the settings must be there before.
int main(int argc, char** argv) {
  if (getenv("HEAPCREST_CAPTURES") == nullptr) {
    if (mkdtemp(heapcrest::g_folder) == nullptr) return 2;
    setenv("HEAPCREST_CAPTURES", heapcrest::g_folder, 1);
    execv("/proc/self/exe", argv);
    return 2;
  }
  strncpy(heapcrest::g_folder, getenv("HEAPCREST_CAPTURES"), sizeof(heapcrest::g_folder) - 1);
  strncpy(heapcrest::g_capture, heapcrest::CaptureOf(getpid()).c_str(),
          sizeof(heapcrest::g_capture) - 1);
  heapcrest::CountWhereTheHooksCall();
  // Samples are to be as large as the program wants them, so that both sides count the same;
  // telltale_block_test.cc has the others.
  heapcrest::LookAllUp();
  testing::InitGoogleTest(&argc, argv);
  const int result = RUN_ALL_TESTS();
  std::filesystem::remove_all(heapcrest::g_folder);
  return result;
}
