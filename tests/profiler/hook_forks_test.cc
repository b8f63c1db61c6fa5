// The same with forked children.
#include <gtest/gtest.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>
#include <vector>

#include "tests/profiler/hooked_process.h"

namespace heapcrest {
namespace {

TEST(HookForkTest, ChildCountsNothingAndDisturbsNobody) {
  std::vector<void*> inherited;
  for (int i = 0; i < 10'000; ++i) inherited.push_back(malloc(1000));
  Stretch stretch;
  const pid_t child = fork();
  if (child == 0) {
    for (void* block : inherited) free(block);
    for (int i = 0; i < 100; ++i) {
      void* large = malloc(100'000);
      asm volatile("" : : "r"(large) : "memory");
    }
    std::thread thread([] { free(malloc(300'000)); });
    thread.join();
    exit(0);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  stretch.ExpectExact();
  EXPECT_EQ(RecordsOfProcess(child, RecordKind::kCounts), 0);
  EXPECT_GE(RecordsOfProcess(child, RecordKind::kAllocation), 101);
  // Noted by the parent, whose rules the child goes on with.
  EXPECT_GE(RecordsOfProcess(child, RecordKind::kMapping),
            RecordsOfProcess(getpid(), RecordKind::kMapping));
  EXPECT_GT(RecordsOfProcess(getpid(), RecordKind::kMapping), 0);
  for (void* block : inherited) free(block);
}

// POSIX lets a cancelled thread go on to its next cancellation point, which malloc is not; the
// child's first malloc opens a capture, which would be one.
void* AllocateInChildOfCancelledThread(void* exit_status) {
  pthread_cancel(pthread_self());
  const pid_t child = fork();
  if (child == 0) {
    free(malloc(300'000));
    _exit(7);
  }
  int before;
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
  int status = 0;
  waitpid(child, &status, 0);
  *static_cast<int*>(exit_status) = WEXITSTATUS(status);
  return nullptr;
}

TEST(HookForkTest, MallocIsNoCancellationPoint) {
  int exit_status = 0;
  pthread_t thread;
  ASSERT_EQ(pthread_create(&thread, nullptr, AllocateInChildOfCancelledThread, &exit_status), 0);
  pthread_join(thread, nullptr);
  EXPECT_EQ(exit_status, 7);
}

}  // namespace
}  // namespace heapcrest
