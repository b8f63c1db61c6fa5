// Allocates 5,000,000 B, says so on stdout, and ends the way it is told to.
//
// ending return|exit|_exit|quick_exit|abort|segv|throw|term|kill|wait|oom
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>

#include "samples/keep.h"

NOINLINE void* Fill(size_t size) { return Keep(malloc(size)); }

// Until the kernel has had enough of it.
NOINLINE void Hog() {
  for (;;) memset(Fill(1'000'000), 1, 1'000'000);
}

int main(int argc, char** argv) {
  const std::string how = argc > 1 ? argv[1] : "";
  for (int i = 0; i < 50; ++i) Fill(100'000);
  puts("filled");
  fflush(stdout);
  if (how == "exit") exit(3);
  if (how == "_exit") _exit(4);
  if (how == "quick_exit") quick_exit(5);
  if (how == "abort") abort();
  if (how == "segv") *Keep(static_cast<volatile int*>(nullptr)) = 1;
  if (how == "throw") throw std::runtime_error("nobody catches this");
  if (how == "term") raise(SIGTERM);
  if (how == "kill") raise(SIGKILL);
  if (how == "oom") Hog();
  while (how == "wait") pause();
  return how == "return" ? 0 : 2;
}
