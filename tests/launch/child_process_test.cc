#include "profiler/launch/child_process.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <functional>

#include "tests/launch/scratch_folder.h"

namespace heapcrest {
namespace {

ProgramStart Probe(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "probe");
  return {.path = PROBE, .arguments = std::move(arguments), .environment = {}};
}

ProgramStart Shell(const std::string& script) {
  return {.path = "/bin/sh", .arguments = {"sh", "-c", script}, .environment = {"PATH=/bin"}};
}

// RunProgram changes signal masks and adopts orphans, so each use gets a process of its own.
int InAChild(const std::function<int()>& body) {
  const pid_t pid = fork();
  if (pid == 0) _exit(body());
  int status = 0;
  waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

TEST(ChildProcessTest, ExitStatusIsPassedOn) {
  EXPECT_EQ(InAChild([] { return ExitStatusOf(*RunProgram(Probe({"exit", "0"}))); }), 0);
  EXPECT_EQ(InAChild([] { return ExitStatusOf(*RunProgram(Probe({"exit", "77"}))); }), 77);
}

TEST(ChildProcessTest, SignalBecomes128PlusItsNumber) {
  EXPECT_EQ(InAChild([] {
              const ProgramEnd end = *RunProgram(Probe({"kill", "15"}));
              return end.signaled && !end.out_of_memory ? ExitStatusOf(end) : 1;
            }),
            128 + SIGTERM);
}

TEST(ChildProcessTest, ProgramThatCannotStartIsAnError) {
  const ProgramStart start = {.path = "/etc/passwd", .arguments = {"passwd"}, .environment = {}};
  EXPECT_EQ(InAChild([&] {
              const auto end = RunProgram(start);
              return !end.ok() && end.status().message().find("cannot start") == 0 ? 0 : 1;
            }),
            0);
}

TEST(ChildProcessTest, SignalSentToUsReachesTheProgram) {
  EXPECT_EQ(InAChild([] {
              const pid_t parent = getpid();
              const pid_t sender = fork();
              if (sender == 0) {
                usleep(100'000);
                kill(parent, SIGUSR1);
                _exit(0);
              }
              return ExitStatusOf(*RunProgram(Probe({"wait"})));
            }),
            128 + SIGUSR1);
}

TEST(ChildProcessTest, MaskAndDispositionsAreAsWeGotThem) {
  const ScratchFolder scratch;
  const std::string out = scratch.path() + "/out";
  EXPECT_EQ(InAChild([&] {
              signal(SIGCHLD, SIG_IGN);
              signal(SIGHUP, SIG_IGN);
              sigset_t mask;
              sigemptyset(&mask);
              sigaddset(&mask, SIGUSR2);
              sigprocmask(SIG_SETMASK, &mask, nullptr);
              dup2(open(out.c_str(), O_CREAT | O_WRONLY, 0600), STDOUT_FILENO);
              return ExitStatusOf(*RunProgram(Probe({"signals"})));
            }),
            0);
  EXPECT_EQ(ReadFile(out), "ignored 1\nblocked 12\nignored 17\n");
}

TEST(ChildProcessTest, OrphansEndIsSeen) {
  EXPECT_EQ(InAChild([] {
              const auto end = RunProgram(Shell("(sleep 0.02; exit 5) & exit 3"));
              int fives = 0;
              for (const auto& [pid, ended] : end->reaped) {
                fives += WIFEXITED(ended.wait_status) && WEXITSTATUS(ended.wait_status) == 5;
              }
              return end->code == 3 && fives == 1 && end->still_running.empty() ? 0 : 1;
            }),
            0);
}

TEST(ChildProcessTest, DaemonsAreReportedAndNotWaitedFor) {
  EXPECT_EQ(InAChild([] {
              const auto end = RunProgram(Shell("exec 1>&- 2>&-; sleep 20 & exit 0"));
              if (end->still_running.size() != 1) return 1;
              return kill(end->still_running[0], SIGKILL);
            }),
            0);
}

}  // namespace
}  // namespace heapcrest
