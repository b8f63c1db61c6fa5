// Ends as its first argument says; says how it was started.
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

int main(int argc, char** argv) {
  const char* what = argc > 1 ? argv[1] : "";
  if (strcmp(what, "exit") == 0) return argc > 2 ? atoi(argv[2]) : 0;
  if (strcmp(what, "kill") == 0) raise(atoi(argv[2]));
  if (strcmp(what, "signals") == 0) {  // blocked and ignored ones, as a line for each
    sigset_t mask;
    sigprocmask(SIG_SETMASK, nullptr, &mask);
    for (int signal = 1; signal < 32; ++signal) {
      struct sigaction action;
      const bool known = sigaction(signal, nullptr, &action) == 0;
      if (sigismember(&mask, signal) == 1) printf("blocked %d\n", signal);
      if (known && action.sa_handler == SIG_IGN) printf("ignored %d\n", signal);
    }
  }
  if (strcmp(what, "wait") == 0) {  // ready by closing its stdout
    close(STDOUT_FILENO);
    for (;;) pause();
  }
  return 0;
}
