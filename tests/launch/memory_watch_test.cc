#include "profiler/launch/memory_watch.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <filesystem>
#include <thread>

#include "absl/strings/str_cat.h"
#include "tests/launch/scratch_folder.h"

namespace heapcrest {
namespace {

constexpr size_t kBytes = size_t{64} << 20;
#ifdef __SANITIZE_THREAD__
constexpr size_t kMostBytes = 8 * kBytes;  // ThreadSanitizer's shadow is four times what is touched
#else
constexpr size_t kMostBytes = 2 * kBytes;
#endif

// As a process has that records.
class MappedCapture {
 public:
  explicit MappedCapture(const ScratchFolder& captures) {
    const std::string name = std::to_string(getpid()) + "-1.capture";
    captures.Write(name, "capture");
    const int file = open((captures.path() + "/" + name).c_str(), O_RDONLY);
    page_ = mmap(nullptr, kPageBytes, PROT_READ, MAP_SHARED | MAP_POPULATE, file, 0);
    close(file);
  }
  ~MappedCapture() { munmap(page_, kPageBytes); }
  MappedCapture(const MappedCapture&) = delete;
  MappedCapture& operator=(const MappedCapture&) = delete;

 private:
  static constexpr size_t kPageBytes = 4096;
  void* page_;
};

// Of this process, once `follow` has happened under watch.
template <typename Action>
ResidentMemory WatchedWhile(const ScratchFolder& captures, Action follow) {
  const MappedCapture capture(captures);
  MemoryWatch watch(captures.path());
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  follow();
  // A look that took long, as at a sanitizer's shadow, is followed by a long rest.
  std::this_thread::sleep_for(std::chrono::milliseconds(2000));
  return watch.Stop()[getpid()];
}

TEST(MemoryWatchTest, SeesPagesWhenTheyAreTouched) {
  const ScratchFolder captures;
  void* pages = nullptr;
  const ResidentMemory memory = WatchedWhile(captures, [&pages] {
    pages = mmap(nullptr, 4 * kBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memset(pages, 1, kBytes);
  });
  ASSERT_GE(memory.points.size(), 2u);
  EXPECT_GE(memory.points.back().bytes, memory.points.front().bytes + kBytes);
  EXPECT_LT(memory.points.back().bytes, memory.points.front().bytes + kMostBytes);
  ASSERT_EQ(memory.walks.size(), 1u);
  EXPECT_GE(memory.walks[0].parts.anonymous, kBytes - kBytes / 50);  // the last growth starts none
  const auto most = static_cast<double>(memory.points.back().bytes);
  EXPECT_NEAR(static_cast<double>(memory.walks[0].parts.total()), most, 0.04 * most);
  munmap(pages, 4 * kBytes);
}

TEST(MemoryWatchTest, PointsAreInOrderAndNoneRepeatsTheOneBefore) {
  const ScratchFolder captures;
  const ResidentMemory memory = WatchedWhile(captures, [] {});
  for (size_t i = 1; i < memory.points.size(); ++i) {
    EXPECT_GT(memory.points[i].time_ns, memory.points[i - 1].time_ns);
    EXPECT_NE(memory.points[i].bytes, memory.points[i - 1].bytes);
  }
}

TEST(MemoryWatchTest, ProcessThatIsGoneLeavesWhatWasSeenOfIt) {
  const ScratchFolder captures, proc;
  captures.Write("41-1.capture", "");
  captures.Write("42-1.capture", "");
  captures.Write("notes.txt", "");
  proc.Write("42/statm", "5000 1000 200 1 0 300 0\n");
  proc.Write("42/cmdline", {"server: worker\0\0\0", 17});
  proc.Write("42/smaps", "55d0c0a4e000-55d0c0a6f000 rw-p 0 00:00 0 [heap]\nRss: 4000 kB\n");
  MemoryWatch watch(captures.path(), proc.path());
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  auto memory = watch.Stop();
  EXPECT_EQ(memory.size(), 2u);
  EXPECT_TRUE(memory[41].points.empty());
  ASSERT_EQ(memory[42].points.size(), 1u);
  EXPECT_EQ(memory[42].points[0].bytes, 1000u * static_cast<uint64_t>(sysconf(_SC_PAGESIZE)));
  EXPECT_EQ(memory[42].walks[0].parts.heaps, 4000u * 1024);
  EXPECT_EQ(memory[42].command, (std::vector<std::string>{"server: worker", "", ""}));
}

constexpr const char* kHeap = "55d0c0a4e000-55d0c0a6f000 rw-p 0 00:00 0 [heap]\nRss: 4000 kB\n";
constexpr const char* kStack = "7ffc3b2e9000-7ffc3b30a000 rw-p 0 00:00 0 [stack]\nRss: 8 kB\n";

// Who executed it left a capture; it maps none.
TEST(MemoryWatchTest, ProgramWithoutTheLibraryIsNamedAndHoldsNothing) {
  const ScratchFolder captures, proc;
  captures.Write("42-1.capture", "");
  proc.Write("42/statm", "5000 1000 200 1 0 300 0\n");
  proc.Write("42/smaps", absl::StrCat(kHeap, kStack));
  std::filesystem::create_symlink("/bin/app", proc.path() + "/42/exe");
  MemoryWatch watch(captures.path(), proc.path());
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  const ResidentMemory memory = watch.Stop()[42];
  EXPECT_EQ(memory.unrecorded_program, "/bin/app");
  EXPECT_EQ(memory.walks[0].parts.total(), 0u);
}

TEST(MemoryWatchTest, ListThatBreaksOffIsNotTakenForAWholeOne) {
  const ScratchFolder captures, proc;
  captures.Write("42-1.capture", "");
  const std::string mine = absl::StrCat("7f1c8e200000-7f1c8e221000 rw-s 0 fe:01 9 ",
                                        captures.path(), "/42-1.capture\nRss: 4 kB\n");
  proc.Write("42/smaps", absl::StrCat(mine, kStack));
  proc.Write("42/statm", "5000 1000 200 1 0 300 0\n");
  MemoryWatch watch(captures.path(), proc.path());
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  proc.Write("42/smaps", kHeap);
  std::filesystem::rename(proc.Write("next", "5000 2000 200 1 0 300 0\n"),
                          proc.path() + "/42/statm");
  // As above: the first look may have taken long.
  std::this_thread::sleep_for(std::chrono::milliseconds(2000));
  const ResidentMemory memory = watch.Stop()[42];
  EXPECT_EQ(memory.points.size(), 2u);
  EXPECT_EQ(memory.walks[0].parts.total(), 12u * 1024);
}

TEST(MemoryWatchTest, FolderThatIsNotThereIsNoHarm) {
  MemoryWatch watch("/nowhere/at/all");
  EXPECT_TRUE(watch.Stop().empty());
}

}  // namespace
}  // namespace heapcrest
