#include "profiler/unwind/table_pages.h"

#include <sys/mman.h>

#include "profiler/uncancelled.h"

namespace heapcrest {
namespace {

constexpr size_t kPageBytes = 4096;

// /proc/self/pagemap has a word for each page (Linux, admin-guide/mm/pagemap.rst).
constexpr uint64_t kIsPresent = uint64_t{1} << 63;
constexpr uint64_t kIsSwapped = uint64_t{1} << 62;
constexpr uint64_t kIsOfFile = uint64_t{1} << 61;  // or shared: either way its bytes are kept

// Whether no byte is lost with these pages. A page of a private mapping that was written to, and
// all of a program that was unpacked into anonymous memory or moved onto huge pages, is nobody's
// but the process's.
template <size_t kPages>
bool AreOfFiles(int pagemap, uintptr_t start) {
  uint64_t entries[kPages];
  const auto at = static_cast<off_t>(start / kPageBytes * sizeof(uint64_t));
  if (ReadUncancelledAt(pagemap, entries, sizeof(entries), at) != sizeof(entries)) return false;
  for (const uint64_t entry : entries) {
    const bool is_there = (entry & (kIsPresent | kIsSwapped)) != 0;
    if (is_there && (entry & kIsOfFile) == 0) return false;
  }
  return true;
}

}  // namespace

constinit TablePages g_table_pages;

void TablePages::Touched(uintptr_t address) {
  const uintptr_t window = address & ~(kWindowBytes - 1);
  for (std::atomic<uintptr_t>& known : windows_) {
    uintptr_t is = known.load(std::memory_order_relaxed);
    if (is == 0) known.compare_exchange_strong(is, window);  // `is`: what another thread noted
    if (is == 0 || is == window) return;
  }
  GiveBack();
}

void TablePages::GiveBack() {
  if (times_.fetch_add(1, std::memory_order_relaxed) >= kMostTimes) return;
  const int pagemap = OpenUncancelled("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
  for (std::atomic<uintptr_t>& known : windows_) {
    const uintptr_t window = known.exchange(0);
    if (window == 0 || pagemap < 0) continue;
    if (AreOfFiles<kWindowBytes / kPageBytes>(pagemap, window)) {
      madvise(reinterpret_cast<void*>(window), kWindowBytes, MADV_DONTNEED);
    }
  }
  if (pagemap >= 0) CloseUncancelled(pagemap);
}

void TablePages::Forget() {
  for (std::atomic<uintptr_t>& known : windows_) known.store(0, std::memory_order_relaxed);
}

}  // namespace heapcrest
