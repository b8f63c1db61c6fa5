// Keeps `heapcrest run` alive through signals that are meant for the program it started, and passes
// on those that the program did not get itself.
//
// Signals are blocked and taken one at a time, so there is no handler and nothing is missed between
// two steps. A signal from the terminal (Ctrl-C, Ctrl-\, a hang-up) reached the whole foreground
// group already; one that a process sent to us alone is passed on. So are those that were ignored
// when we started, as SIGINT is behind a script's `&`: the program may have a handler for them all
// the same.
//
// Not thread-safe: changes the process's signal mask.
#pragma once

#include <signal.h>
#include <sys/types.h>
#include <time.h>

namespace heapcrest {

class SignalRelay {
 public:
  SignalRelay();
  ~SignalRelay() { Stop(); }
  SignalRelay(const SignalRelay&) = delete;
  SignalRelay& operator=(const SignalRelay&) = delete;

  // In the child, before it executes: mask and dispositions as they were before us.
  void RestoreInChild() const;

  // Sleeps until a child's state changes, a signal came (and was passed on to `child`), or
  // `timeout` went by.
  void Wait(pid_t child, const timespec& timeout);

  // From here on Ctrl-C is for us again: it may cut a long report short. The polite ways to stop us
  // (SIGTERM, SIGHUP) stay held back: an unattended stop still gets its report.
  void Stop();

 private:
  sigset_t waited_;
  sigset_t mask_before_;
  struct sigaction child_action_before_;
};

}  // namespace heapcrest
