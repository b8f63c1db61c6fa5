#include "profiler/launch/signal_relay.h"

#include <cerrno>

namespace heapcrest {
namespace {

constexpr int kRelayed[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2};

}  // namespace

SignalRelay::SignalRelay() {
  // Ignored SIGCHLD would have the kernel reap our child and lose its exit status.
  struct sigaction usual = {};
  usual.sa_handler = SIG_DFL;
  sigaction(SIGCHLD, &usual, &child_action_before_);

  sigemptyset(&waited_);
  sigaddset(&waited_, SIGCHLD);
  for (const int signal : kRelayed) sigaddset(&waited_, signal);
  sigprocmask(SIG_BLOCK, &waited_, &mask_before_);
}

void SignalRelay::RestoreInChild() const {
  sigaction(SIGCHLD, &child_action_before_, nullptr);
  sigprocmask(SIG_SETMASK, &mask_before_, nullptr);
}

void SignalRelay::Wait(pid_t child, const timespec& timeout) {
  siginfo_t info = {};
  const int signal = sigtimedwait(&waited_, &info, &timeout);
  if (signal <= 0 || signal == SIGCHLD) return;
  const bool from_a_process = info.si_code <= 0;  // SI_USER, SI_QUEUE, SI_TKILL
  // A child that ended is still ours to reap, so its id cannot belong to somebody else yet.
  if (from_a_process && child > 0) kill(child, signal);
}

void SignalRelay::Stop() {
  const timespec at_once = {};
  while (sigtimedwait(&waited_, nullptr, &at_once) > 0) {
  }
  sigset_t ours;
  sigemptyset(&ours);
  sigaddset(&ours, SIGINT);
  sigaddset(&ours, SIGQUIT);
  sigprocmask(SIG_UNBLOCK, &ours, nullptr);
}

}  // namespace heapcrest
