#include "viewer/command/crash_handler.h"

#include <signal.h>
#include <unistd.h>

#include <boost/stacktrace/frame.hpp>
#include <boost/stacktrace/safe_dump_to.hpp>
#include <boost/stacktrace/stacktrace.hpp>
#include <cstring>
#include <sstream>
#include <string>

namespace heapcrest {
namespace {

constexpr unsigned kSecondsForNames = 5;

alignas(16) char crash_stack[64 * 1024];  // the stack may be what overflowed

void Say(const char* text, size_t length) {
  const ssize_t ignored = write(STDERR_FILENO, text, length);
  static_cast<void>(ignored);
}

void OnCrash(int signal) {
  // Raw return addresses first: collecting and writing them is safe in any state of the process.
  static boost::stacktrace::frame::native_frame_ptr_t frames[128];
  boost::stacktrace::safe_dump_to(frames, sizeof(frames));
  const char* name = sigabbrev_np(signal);
  const char head[] = "heapcrest itself crashed, which is a bug. Please report it with: SIG";
  Say(head, sizeof(head) - 1);
  Say(name != nullptr ? name : "?", name != nullptr ? strlen(name) : 1);
  Say("\n", 1);

  // Names need memory, which may be what is broken: a second crash or a lock that is never freed
  // must end us too. SA_RESETHAND has given the signal back already.
  alarm(kSecondsForNames);
  const auto stack = boost::stacktrace::stacktrace::from_dump(frames, sizeof(frames));
  std::ostringstream text;
  text << stack;
  Say(text.str().data(), text.str().size());
  raise(signal);
}

}  // namespace

void InstallCrashHandler() {
  const stack_t stack = {.ss_sp = crash_stack, .ss_flags = 0, .ss_size = sizeof(crash_stack)};
  sigaltstack(&stack, nullptr);
  struct sigaction action = {};
  action.sa_handler = OnCrash;
  action.sa_flags = static_cast<int>(SA_ONSTACK | SA_RESETHAND | SA_NODEFER);
  for (const int signal : {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL}) {
    sigaction(signal, &action, nullptr);
  }
}

}  // namespace heapcrest
