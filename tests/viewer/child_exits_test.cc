#include "viewer/child_exits.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

namespace heapcrest {
namespace {

Process Began(uint32_t pid, uint64_t start_ns) {
  Process process;
  process.pid = pid;
  process.start_monotonic_ns = start_ns;
  process.duration_ns = 10;
  return process;
}

TEST(ChildExitsTest, WaitStatusesAreExitsAndSignals) {
  EXPECT_EQ(ExitOfWaitStatus(W_EXITCODE(3, 0)).kind, Exit::Kind::kExited);
  EXPECT_EQ(ExitOfWaitStatus(W_EXITCODE(3, 0)).code, 3);
  EXPECT_EQ(ExitOfWaitStatus(W_EXITCODE(0, SIGSEGV)).kind, Exit::Kind::kSignaled);
  EXPECT_EQ(ExitOfWaitStatus(W_EXITCODE(0, SIGSEGV)).code, SIGSEGV);
}

TEST(ChildExitsTest, AChildThatWasKilledLivedUntilItWasWaitedFor) {
  Recording recording;
  recording.processes = {Began(1, 100), Began(2, 200)};
  recording.processes[0].child_exits.push_back({2, 500, {Exit::Kind::kSignaled, SIGKILL, false}});
  NoteChildExits(&recording);
  EXPECT_EQ(recording.processes[1].exit.code, SIGKILL);
  EXPECT_EQ(recording.processes[1].duration_ns, 300u);
  EXPECT_EQ(recording.processes[0].exit.kind, Exit::Kind::kUnknown);
}

TEST(ChildExitsTest, AChildThatNotedItsEndKeepsItsTime) {
  Recording recording;
  recording.processes = {Began(1, 100), Began(2, 200)};
  recording.processes[1].exit = {Exit::Kind::kExited, 0, false};
  recording.processes[0].child_exits.push_back({2, 500, {Exit::Kind::kExited, 0, false}});
  NoteChildExits(&recording);
  EXPECT_EQ(recording.processes[1].duration_ns, 10u);
}

TEST(ChildExitsTest, APidThatWasUsedAgainIsTheLastProcessThatHadItByThen) {
  Recording recording;
  recording.processes = {Began(1, 100), Began(2, 200), Began(2, 400), Began(2, 900)};
  recording.processes[0].child_exits.push_back({2, 500, {Exit::Kind::kExited, 7, false}});
  NoteChildExits(&recording);
  EXPECT_EQ(recording.processes[1].exit.kind, Exit::Kind::kUnknown);
  EXPECT_EQ(recording.processes[2].exit.code, 7);
  EXPECT_EQ(recording.processes[3].exit.kind, Exit::Kind::kUnknown);
}

TEST(ChildExitsTest, AChildThatNobodyRecordedIsIgnored) {
  Recording recording;
  recording.processes = {Began(1, 100)};
  recording.processes[0].child_exits.push_back({2, 500, {Exit::Kind::kExited, 0, false}});
  NoteChildExits(&recording);
  EXPECT_EQ(recording.processes[0].exit.kind, Exit::Kind::kUnknown);
}

}  // namespace
}  // namespace heapcrest
