"""Programs at the edge of what is allowed behave under `heapcrest run` as they do without."""

import subprocess
import unittest

from heapcrest import Case

# The threads of a forked child make its first samples at one moment.
CHILD_THREADS = """
#include <pthread.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#define THREADS 4
static int waiting = THREADS;
static void* Work(void* unused) {
  __atomic_sub_fetch(&waiting, 1, __ATOMIC_SEQ_CST);
  while (__atomic_load_n(&waiting, __ATOMIC_SEQ_CST) > 0) {}
  for (int i = 0; i < 100; ++i) free(malloc(3000));
  return unused;
}
int main(void) {
  int failed = 0;
  for (int i = 0; i < 300; ++i) {
    if (fork() == 0) {
      pthread_t threads[THREADS];
      for (int j = 0; j < THREADS; ++j) pthread_create(&threads[j], NULL, Work, NULL);
      for (int j = 0; j < THREADS; ++j) pthread_join(threads[j], NULL);
      _exit(0);
    }
    int status;
    wait(&status);
    failed += status != 0;
  }
  return failed != 0;
}
"""

# A library registers more handlers than libc has room for before anything allocates.
HANDLERS = """
#include <stdlib.h>
static void Nothing(void) {}
__attribute__((constructor)) static void Register(void) {
  for (int i = 0; i < 40; ++i) atexit(Nothing);
}
int Registered(void) { return 0; }
"""
HANDLERS_USER = "int Registered(void); int main(void) { return Registered(); }"

# A coroutine's outermost return address is a function that follows one of another frame size.
COROUTINE = """
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
void *main_sp, *own_sp;
void* volatile sink;
void Switch(void** save, void* load);
asm(".globl Switch\\nSwitch:\\n.cfi_startproc\\n"
    "push %rbp\\npush %rbx\\npush %r12\\npush %r13\\npush %r14\\npush %r15\\n"
    "mov %rsp,(%rdi)\\nmov %rsi,%rsp\\n"
    "pop %r15\\npop %r14\\npop %r13\\npop %r12\\npop %rbx\\npop %rbp\\nret\\n.cfi_endproc\\n");
__attribute__((noinline, noreturn)) static void Large(void) {
  char frame[64];
  asm volatile("" ::"r"(frame) : "memory");
  abort();
}
__attribute__((noinline, noreturn)) void Ended(void) { Large(); }
__attribute__((noinline)) void Work(void) {
  for (int i = 0; i < 2000; ++i) free(sink = malloc(5000));
}
void Enter(void) {
  Work();
  Switch(&own_sp, main_sp);
}
int main(void) {
  const size_t page = 4096, bytes = 16 * page;
  char* stack = mmap(0, bytes + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  mprotect(stack + page, bytes, PROT_READ | PROT_WRITE);
  uintptr_t* top = (uintptr_t*)(stack + page + bytes);
  *--top = (uintptr_t)Ended;
  *--top = (uintptr_t)Enter;
  for (int i = 0; i < 6; ++i) *--top = 0;
  own_sp = top;
  Switch(&main_sp, own_sp);
  return 0;
}
"""

SIZES = """
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
enum { kBlocks = 20000 };
static void* blocks[kBlocks];
static long Usable(void) {
  long sum = 0;
  for (int i = 0; i < kBlocks; ++i) sum += malloc_usable_size(blocks[i]);
  return sum;
}
int main(void) {
  int moved = 0, small = 0;
  for (int i = 0; i < 100000; ++i) {
    void* block = malloc(120);
    void* behind = malloc(16);
    void* shrunk = realloc(block, 100);
    moved += shrunk != block;
    moved += (block = realloc(shrunk, malloc_usable_size(shrunk))) != shrunk;
    free(block);
    free(behind);
  }
  for (int i = 0; i < kBlocks; ++i) blocks[i] = malloc(100 + i % 900);
  long before = Usable();
  if (fork() == 0) {
    for (int i = 0; i < kBlocks; i += 2) {
      free(blocks[i]);
      blocks[i] = malloc(100 + i % 900);
      small += malloc_usable_size(blocks[i]) < (size_t)(100 + i % 900);
    }
    for (int i = 0; i < 2000; ++i) free(malloc(5000));  // now it has samples of its own
    for (int i = 0; i < kBlocks; ++i) small += malloc_usable_size(blocks[i]) > 4096;
    _exit(small != 0 || Usable() < before / 2);
  }
  int status;
  wait(&status);
  printf("%d %d %d %d\\n", moved, status, (int)malloc_usable_size(pvalloc(12001)), Usable() == before);
}
"""

INTERPOSED = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <sys/types.h>
#include <unistd.h>
pid_t waitpid(pid_t pid, int* status, int options) {
  pid_t (*next)(pid_t, int*, int) = dlsym(RTLD_NEXT, "waitpid");
  write(1, "waitpid\\n", 8);
  return next(pid, status, options);
}
"""
WAITS = """
#include <sys/wait.h>
#include <unistd.h>
int main(void) {
  if (fork() == 0) _exit(3);
  int status;
  return waitpid(-1, &status, 0) > 0 ? WEXITSTATUS(status) : 1;
}
"""


class HazardsTest(Case):
    def run_as_bare(self, program, **more):
        """Returns what both print."""
        bare = subprocess.run([program], capture_output=True, timeout=60, check=False, **more)
        ran = self.command("run", "--no-report", "-o", "run", program, timeout=60, **more)
        self.assertEqual((ran.stdout, ran.status), (bare.stdout, bare.returncode), str(ran))
        return ran.stdout.decode()

    def test_threads_of_a_child_that_make_its_first_samples_at_once(self):
        self.run_as_bare(self.compile(CHILD_THREADS, "-pthread"))

    def test_handlers_that_are_registered_before_anything_allocates(self):
        library = self.compile(HANDLERS, "-shared", "-fPIC", name="libhandlers.so")
        self.run_as_bare(self.compile(HANDLERS_USER, library))

    def test_coroutine_that_returns_to_nowhere(self):
        self.run_as_bare(self.compile(COROUTINE, "-O1"))

    def test_blocks_stay_where_they_are_and_as_large(self):
        self.assertEqual(self.run_as_bare(self.compile(SIZES, "-O0")), "0 0 12296 1\n")

    def test_wait_of_another_library_is_asked(self):
        library = self.compile(INTERPOSED, "-shared", "-fPIC", name="libwaits.so")
        program = self.compile(WAITS, library, "-Wl,--no-as-needed")
        self.assertEqual(self.run_as_bare(program), "waitpid\n")


if __name__ == "__main__":
    unittest.main()
