// Allocates in signal handlers: in one that main raises, and in one that a timer sends ten thousand
// times a second while main allocates too (the handler waits while libc's own lock may be held:
// calling malloc from there would hang without any profiler).
#include <signal.h>
#include <sys/time.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "samples/keep.h"

static volatile sig_atomic_t in_malloc = 0;
static volatile sig_atomic_t ticks = 0;

NOINLINE void* AllocateInHandler() { return Keep(malloc(10'000)); }
NOINLINE void AllocateInTick() { free(Keep(malloc(300))); }

static void OnRaise(int) { AllocateInHandler(); }

static void OnTick(int) {
  ticks = ticks + 1;
  if (in_malloc == 0) AllocateInTick();
}

NOINLINE void AllocateInMain() {
  in_malloc = 1;
  free(Keep(malloc(200)));
  in_malloc = 0;
}

int main() {
  signal(SIGUSR1, OnRaise);
  signal(SIGALRM, OnTick);
  for (int i = 0; i < 100; ++i) raise(SIGUSR1);
  const itimerval often = {{0, 100}, {0, 100}};
  setitimer(ITIMER_REAL, &often, nullptr);
  const clock_t end = clock() + CLOCKS_PER_SEC / 5;
  while (clock() < end) {
    for (int i = 0; i < 100; ++i) AllocateInMain();
  }
  const itimerval never = {};
  setitimer(ITIMER_REAL, &never, nullptr);
  printf("ticked %s\n", ticks > 0 ? "yes" : "no");
}
