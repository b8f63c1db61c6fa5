#include "profiler/launch/child_process.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "profiler/format/descriptors.h"
#include "profiler/launch/oom_watch.h"
#include "profiler/launch/signal_relay.h"

namespace heapcrest {
namespace {

constexpr uint64_t kPollNs = OomWatch::kPollSeconds * 1'000'000'000ull;
constexpr int kGraceMs = 100;  // for helpers of a program that end just after it

std::vector<char*> Pointers(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (const std::string& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

absl::Status CannotStart(const ProgramStart& start, int error) {
  return absl::FailedPreconditionError(
      absl::StrCat("cannot start '", start.path, "': ", strerror(error),
                   error == E2BIG ? ". Its arguments and environment are too large together."
                                  : ". Start it without heapcrest to see whether it runs at all."));
}

// Where the program's limit of descriptors is as high as it can be, it gets one less: that one is
// the capture's.
void LeaveOneDescriptor() {
  rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur != limit.rlim_max ||
      limit.rlim_cur <= kLowestDescriptor || limit.rlim_cur > kHighestDescriptor) {
    return;
  }
  const rlimit raised = {limit.rlim_cur, limit.rlim_max + 1};
  const bool may_raise = setrlimit(RLIMIT_NOFILE, &raised) == 0;
  if (!may_raise) --limit.rlim_cur;
  setrlimit(RLIMIT_NOFILE, &limit);
}

// The pipe closes when the program takes the child over; otherwise it brings why it did not.
absl::StatusOr<pid_t> Start(const ProgramStart& start, const SignalRelay& signals) {
  const std::vector<char*> arguments = Pointers(start.arguments);
  const std::vector<char*> environment = Pointers(start.environment);
  int failure[2];
  if (pipe2(failure, O_CLOEXEC) != 0) return CannotStart(start, errno);
  const pid_t pid = fork();
  if (pid == 0) {
    signals.RestoreInChild();
    LeaveOneDescriptor();
    execve(start.path.c_str(), arguments.data(), environment.data());
    const int error = errno;
    const ssize_t written = write(failure[1], &error, sizeof(error));
    _exit(written == sizeof(error) ? 127 : 126);
  }
  int error = pid < 0 ? errno : 0;
  close(failure[1]);
  const ssize_t got = pid < 0 ? 0 : read(failure[0], &error, sizeof(error));
  close(failure[0]);
  if (pid > 0 && got == sizeof(error)) waitpid(pid, nullptr, 0);
  if (error != 0) return CannotStart(start, error);
  return pid;
}

uint64_t Nanoseconds(clockid_t clock) {
  timespec now = {};
  clock_gettime(clock, &now);
  return static_cast<uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(now.tv_nsec);
}

// Collects every child that ended. False when none is left at all.
bool Reap(ProgramEnd* end) {
  for (;;) {
    int status = 0;
    const pid_t pid = waitpid(-1, &status, WNOHANG);
    if (pid == 0) return true;
    if (pid < 0) return false;
    end->reaped[pid] = {status, Nanoseconds(CLOCK_MONOTONIC)};
  }
}

std::vector<pid_t> Children() {
  std::ifstream in(absl::StrCat("/proc/self/task/", getpid(), "/children"));
  std::vector<pid_t> pids;
  for (pid_t pid; in >> pid;) pids.push_back(pid);
  return pids;
}

void WaitForProgram(SignalRelay* signals, OomWatch* oom, ProgramEnd* end) {
  const timespec poll = {.tv_sec = OomWatch::kPollSeconds, .tv_nsec = 0};
  uint64_t polled_ns = Nanoseconds(CLOCK_MONOTONIC);
  while (Reap(end), end->reaped.count(end->pid) == 0) {
    signals->Wait(end->pid, poll);
    const uint64_t now_ns = Nanoseconds(CLOCK_MONOTONIC);
    if (now_ns - polled_ns < kPollNs) continue;
    oom->Poll();
    polled_ns = now_ns;
  }
}

void WaitForOrphans(SignalRelay* signals, ProgramEnd* end) {
  const timespec step = {.tv_sec = 0, .tv_nsec = 10'000'000};
  int waited_ms = 0;
  for (; Reap(end); waited_ms += 10) {
    if (waited_ms >= kGraceMs) {
      end->still_running = Children();
      return;
    }
    signals->Wait(0, step);
  }
}

}  // namespace

absl::StatusOr<ProgramEnd> RunProgram(const ProgramStart& start) {
  SignalRelay signals;
  OomWatch oom;
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  ProgramEnd end = {.start_monotonic_ns = Nanoseconds(CLOCK_MONOTONIC),
                    .start_realtime_ns = Nanoseconds(CLOCK_REALTIME)};
  absl::StatusOr<pid_t> pid = Start(start, signals);
  if (!pid.ok()) return pid.status();
  end.pid = *pid;
  WaitForProgram(&signals, &oom, &end);
  const int status = end.reaped[end.pid].wait_status;
  end.signaled = WIFSIGNALED(status);
  end.code = end.signaled ? WTERMSIG(status) : WEXITSTATUS(status);
  end.out_of_memory = end.signaled && end.code == SIGKILL && oom.KilledSomething();
  WaitForOrphans(&signals, &end);
  return end;
}

int ExitStatusOf(const ProgramEnd& end) { return end.signaled ? 128 + end.code : end.code; }

}  // namespace heapcrest
