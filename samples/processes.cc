// A family of processes: the parent forks a child that goes on alone, one that executes this
// program anew, and one that it starts by posix_spawn. Each allocates in a function of its own.
//
// processes [daemon]: with `daemon`, a child is left behind that runs on for a minute.
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "samples/keep.h"

extern char** environ;

NOINLINE void* AllocateInParent() { return Keep(malloc(1'000'000)); }
NOINLINE void* AllocateInForked() { return Keep(malloc(2'000'000)); }
NOINLINE void* AllocateInExeced() { return Keep(malloc(3'000'000)); }
NOINLINE void* AllocateInSpawned() { return Keep(malloc(4'000'000)); }
NOINLINE void* AllocateInDaemon() { return Keep(malloc(5'000'000)); }

static int Daemon() {
  if (fork() != 0) return 0;
  setsid();
  AllocateInDaemon();
  // Nothing of ours keeps the caller's pipes open.
  close(STDIN_FILENO);
  close(STDOUT_FILENO);
  close(STDERR_FILENO);
  sleep(60);
  _exit(0);
}

int main(int argc, char** argv) {
  const std::string part = argc > 1 ? argv[1] : "";
  if (part == "execed") return AllocateInExeced() == nullptr;
  if (part == "spawned") return AllocateInSpawned() == nullptr;
  AllocateInParent();
  if (part == "daemon") return Daemon();
  if (fork() == 0) _exit(AllocateInForked() == nullptr);
  if (fork() == 0) {
    execl(argv[0], argv[0], "execed", nullptr);
    _exit(127);
  }
  const char* const arguments[] = {argv[0], "spawned", nullptr};
  pid_t spawned = 0;
  int failed = posix_spawn(&spawned, argv[0], nullptr, nullptr, const_cast<char* const*>(arguments),
                           environ);
  for (int status = 0; wait(&status) > 0;) failed += status != 0;
  printf("failed %d\n", failed);
  return failed;
}
