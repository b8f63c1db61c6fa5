#include "viewer/command/gather.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include "tests/launch/scratch_folder.h"
#include "viewer/command_line.h"

namespace heapcrest {
namespace {

constexpr int Exited(int status) { return status << 8; }

Process MakeProcess(uint32_t pid, uint64_t start_ns) {
  Process process;
  process.pid = pid;
  process.start_monotonic_ns = start_ns;
  return process;
}

TEST(GatherTest, ProgramWithoutCapturesIsAProcessWithoutSamples) {
  const ScratchFolder scratch;
  const ProgramEnd end = {.pid = 7, .reaped = {{7, {Exited(3), 0}}}};
  const auto recording = Gather(scratch.path(), {{"true", "x"}, "/bin/true", 64}, end);
  ASSERT_TRUE(recording.ok()) << recording.status();
  ASSERT_EQ(recording->processes.size(), 1u);
  EXPECT_EQ(recording->processes[0].executable, "/bin/true");
  EXPECT_EQ(recording->processes[0].exit.kind, Exit::Kind::kExited);
  EXPECT_EQ(recording->processes[0].exit.code, 3);
  EXPECT_EQ(recording->warnings.size(), 1u);
}

TEST(GatherTest, WaitStatusBelongsToTheLastProgramOfAPid) {
  Recording recording;
  recording.processes = {MakeProcess(7, 20), MakeProcess(7, 10), MakeProcess(8, 15)};
  NoteEnds({.pid = 7, .out_of_memory = true, .reaped = {{7, {SIGKILL, 50}}, {8, {SIGKILL, 0}}}},
           &recording);
  EXPECT_EQ(recording.processes[0].exit.kind, Exit::Kind::kSignaled);
  EXPECT_TRUE(recording.processes[0].exit.out_of_memory);
  EXPECT_EQ(recording.processes[0].duration_ns, 30u);
  EXPECT_EQ(recording.processes[1].exit.kind, Exit::Kind::kUnknown);
  EXPECT_FALSE(recording.processes[2].exit.out_of_memory);
}

TEST(GatherTest, EarlierProgramsOfAPidWereReplaced) {
  Recording recording;
  recording.processes = {MakeProcess(7, 10), MakeProcess(7, 20), MakeProcess(8, 15)};
  CompleteCaptures(&recording);
  EXPECT_EQ(recording.processes[0].exit.kind, Exit::Kind::kExeced);
  EXPECT_EQ(recording.processes[1].exit.kind, Exit::Kind::kUnknown);
  EXPECT_EQ(recording.processes[2].exit.kind, Exit::Kind::kUnknown);
}

TEST(GatherTest, ResidentMemoryBelongsToTheProgramThatThePidRanThen) {
  Recording recording;
  recording.processes = {MakeProcess(7, 10), MakeProcess(8, 15), MakeProcess(7, 20)};
  ResidentMemory seen;
  seen.points = {{9, 100}, {19, 200}, {25, 300}};
  seen.walks = {{19, {.heaps = 1}}, {25, {.files = 2}}};
  NoteMemory({{7, seen}, {9, seen}}, &recording);
  const Resident& first = recording.processes[0].resident;
  const Resident& second = recording.processes[2].resident;
  ASSERT_EQ(first.points.size(), 2u);  // the file is there before its program's start is noted
  EXPECT_EQ(first.points[0].time_ns, 0u);
  EXPECT_EQ(first.points[1].time_ns, 9u);
  ASSERT_EQ(second.points.size(), 1u);
  EXPECT_EQ(second.points[0].bytes, 300);
  EXPECT_EQ(first.most->heaps, 1);
  EXPECT_EQ(second.most->files, 2);
  EXPECT_EQ(second.most->time_ns, 5u);
  EXPECT_TRUE(recording.processes[1].resident.points.empty());
}

TEST(GatherTest, ChildIsCalledByItsTitle) {
  Recording recording;
  recording.processes = {MakeProcess(7, 10), MakeProcess(8, 15), MakeProcess(8, 20),
                         MakeProcess(9, 15)};
  for (Process& process : recording.processes) process.command = {"server", "-d"};
  for (Process& process : recording.processes) process.parent_pid = process.pid == 7 ? 1 : 7;
  ResidentMemory titled, plain;
  titled.command = {"server: worker", "", ""};
  plain.command = {"server", "-d"};
  NoteMemory({{7, titled}, {8, titled}, {9, plain}}, &recording);
  const std::vector<Process>& processes = recording.processes;
  EXPECT_EQ(CommandLine(processes[0]), "server -d");  // as it was asked for
  EXPECT_EQ(CommandLine(processes[1]), "server -d");
  EXPECT_EQ(CommandLine(processes[2]), "server: worker");
  EXPECT_EQ(CommandLine(processes[3]), "server -d");
}

TEST(GatherTest, TitleIsFollowedByNothing) {
  Process process;
  process.command = {"redis-rdb-bgsave *:7999", "", "", ""};
  EXPECT_EQ(CommandLine(process), "redis-rdb-bgsave *:7999");
  process.command = {"my program", ""};
  EXPECT_EQ(CommandLine(process), "'my program' ''");
  process.command = {"redis-server", "--save", "", ""};
  EXPECT_EQ(CommandLine(process), "redis-server --save '' ''");
}

TEST(GatherTest, ProgramThatRunsWithoutTheLibraryIsNamed) {
  Recording recording;
  recording.processes = {MakeProcess(7, 10), MakeProcess(8, 15), MakeProcess(9, 15)};
  recording.processes[0].exit = {Exit::Kind::kExited, 3};
  ResidentMemory seen;
  seen.unrecorded_program = "/bin/app";
  NoteMemory({{7, seen}, {8, ResidentMemory()}, {9, seen}}, &recording);
  EXPECT_EQ(recording.processes[0].exit.kind, Exit::Kind::kExeced);
  EXPECT_EQ(recording.processes[1].exit.kind, Exit::Kind::kUnknown);
  ASSERT_EQ(recording.warnings.size(), 1u);
  EXPECT_NE(recording.warnings[0].find("of /bin/app (pid 7) and 1 more: "), std::string::npos);
}

TEST(GatherTest, SurvivorsAreStillRunning) {
  Recording recording;
  recording.processes = {MakeProcess(static_cast<uint32_t>(getpid()), 10)};
  NoteEnds({.pid = 7, .still_running = {getpid()}}, &recording);
  EXPECT_EQ(recording.processes[0].exit.kind, Exit::Kind::kStillRunning);
}

}  // namespace
}  // namespace heapcrest
