#include "profiler/unwind/table_pages.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <vector>

namespace heapcrest {
namespace {

constexpr size_t kWindow = 64 << 10;
constexpr size_t kWindows = 64;  // so many are kept; one more gives them back
constexpr size_t kBytes = (kWindows + 1) * kWindow;

// Stands for a library's tables: every byte is 7.
class Tables {
 public:
  explicit Tables(int protection) {
    const std::vector<char> content(kBytes + kWindow, 7);
    EXPECT_EQ(fwrite(content.data(), 1, content.size(), file_), content.size());
    fflush(file_);
    mapped_ = static_cast<char*>(
        mmap(nullptr, content.size(), protection, MAP_PRIVATE, fileno(file_), 0));
    EXPECT_NE(mapped_, MAP_FAILED);
    start_ = (reinterpret_cast<uintptr_t>(mapped_) + kWindow - 1) & ~(kWindow - 1);
  }
  ~Tables() {
    munmap(mapped_, kBytes + kWindow);
    fclose(file_);
  }

  volatile char* At(size_t window) const {
    return reinterpret_cast<volatile char*>(start_ + window * kWindow);
  }

  // Reads each window, and says so.
  void Walk(TablePages* pages) const {
    for (size_t i = 0; i <= kWindows; ++i) {
      EXPECT_EQ(*At(i), 7);
      pages->Touched(reinterpret_cast<uintptr_t>(At(i)) + 5);
    }
  }

 private:
  FILE* file_ = tmpfile();
  char* mapped_ = nullptr;
  uintptr_t start_ = 0;
};

bool IsPresent(volatile char* at) {
  const int pagemap = open("/proc/self/pagemap", O_RDONLY);
  uint64_t entry = 0;
  const auto offset = static_cast<off_t>(reinterpret_cast<uintptr_t>(at) / 4096 * sizeof(entry));
  EXPECT_EQ(pread(pagemap, &entry, sizeof(entry), offset), static_cast<ssize_t>(sizeof(entry)));
  close(pagemap);
  return (entry >> 63) != 0;
}

TEST(TablePagesTest, GivesBackWhatTheFileStillHas) {
  const Tables tables(PROT_READ);
  TablePages pages{};
  tables.Walk(&pages);
  EXPECT_FALSE(IsPresent(tables.At(0)));
  EXPECT_FALSE(IsPresent(tables.At(kWindows - 1)));
  EXPECT_EQ(*tables.At(0), 7);
}

TEST(TablePagesTest, KeepsWhatOnlyTheProcessHas) {
  const Tables tables(PROT_READ | PROT_WRITE);
  tables.At(3)[4096] = 8;  // as a debugger's breakpoint
  void* unpacked = mmap(const_cast<char*>(tables.At(9)), kWindow, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  ASSERT_EQ(unpacked, tables.At(9));
  *tables.At(9) = 7;
  TablePages pages{};
  tables.Walk(&pages);
  EXPECT_FALSE(IsPresent(tables.At(0)));
  EXPECT_EQ(tables.At(3)[4096], 8);
  EXPECT_EQ(*tables.At(9), 7);
}

TEST(TablePagesTest, ForgetsAnUnloadedLibrary) {
  const Tables tables(PROT_READ);
  TablePages pages{};
  EXPECT_EQ(*tables.At(0), 7);
  for (size_t i = 0; i < kWindows; ++i) pages.Touched(reinterpret_cast<uintptr_t>(tables.At(i)));
  pages.Forget();
  pages.Touched(reinterpret_cast<uintptr_t>(tables.At(kWindows)));
  EXPECT_TRUE(IsPresent(tables.At(0)));
}

TEST(TablePagesTest, LeavesPagesAloneThatAreNeededAgainAndAgain) {
  const Tables tables(PROT_READ);
  TablePages pages{};
  for (int i = 0; i < 40; ++i) tables.Walk(&pages);
  EXPECT_TRUE(IsPresent(tables.At(0)));
  EXPECT_TRUE(IsPresent(tables.At(kWindows)));
}

}  // namespace
}  // namespace heapcrest
