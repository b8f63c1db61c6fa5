// Stacks that do not go the usual way: exceptions, longjmp, coroutines, 100,000 calls deep, a stack
// that was switched by hand.
//
// flow exceptions|longjmp|coroutines|recursion [depth]|switched
#include <setjmp.h>
#include <sys/mman.h>
#include <ucontext.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>

#include "samples/keep.h"

NOINLINE void* AllocateThenThrow() {
  Keep(malloc(1'000));
  throw std::runtime_error("thrown a thousand times");
}

int Exceptions() {
  int caught = 0;
  for (int i = 0; i < 1000; ++i) {
    try {
      AllocateThenThrow();
    } catch (const std::runtime_error&) {
      ++caught;
    }
  }
  return caught == 1000 ? 0 : 1;
}

static jmp_buf back;

NOINLINE void AllocateThenJump(int depth) {
  if (depth > 0) AllocateThenJump(depth - 1);
  if (Keep(malloc(1'000)) != nullptr) longjmp(back, 1);
}

int Jumps() {
  static volatile int jumps = 0;
  if (setjmp(back) != 0) jumps = jumps + 1;
  if (jumps < 1000) AllocateThenJump(20);
  return jumps == 1000 ? 0 : 1;
}

constexpr size_t kStackBytes = 256 * 1024;
static ucontext_t main_context;
static ucontext_t coroutines[50];

NOINLINE void* AllocateInCoroutine() { return Keep(malloc(10'000)); }

static void Coroutine(int self) {
  for (int round = 0; round < 4; ++round) {
    AllocateInCoroutine();
    swapcontext(&coroutines[self], &main_context);
  }
}

static char* NewStack() {
  return static_cast<char*>(
      mmap(nullptr, kStackBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
}

int Coroutines() {
  for (int i = 0; i < 50; ++i) {
    getcontext(&coroutines[i]);
    coroutines[i].uc_stack.ss_sp = NewStack();
    coroutines[i].uc_stack.ss_size = kStackBytes;
    coroutines[i].uc_link = &main_context;
    makecontext(&coroutines[i], reinterpret_cast<void (*)()>(Coroutine), 1, i);
  }
  for (int round = 0; round < 4; ++round) {
    for (ucontext_t& coroutine : coroutines) swapcontext(&main_context, &coroutine);
  }
  return 0;
}

NOINLINE int Recurse(int depth) {
  Keep(malloc(100));
  const int below = depth == 1 ? 0 : Recurse(depth - 1);
  return below + 1;
}

NOINLINE void AllocateOnOtherStack() { Keep(malloc(1'000'000)); }

// Calls a function on `top` with nothing above it that an unwinder could follow.
NOINLINE int Switched() {
  char* top = NewStack() + kStackBytes - 64;
  memset(top, 0x5a, 64);
#if defined(__x86_64__)
  asm volatile(
      "movq %%rsp, %%rbx\n\t"
      "movq %[top], %%rsp\n\t"
      "call *%[function]\n\t"
      "movq %%rbx, %%rsp\n\t"
      :
      : [top] "r"(top), [function] "r"(AllocateOnOtherStack)
      : "rbx", "rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "cc", "memory");
#else
  AllocateOnOtherStack();
#endif
  return 0;
}

int main(int argc, char** argv) {
  const std::string what = argc > 1 ? argv[1] : "";
  const int depth = argc > 2 ? atoi(argv[2]) : 100'000;
  int failed = 2;
  if (what == "exceptions") failed = Exceptions();
  if (what == "longjmp") failed = Jumps();
  if (what == "coroutines") failed = Coroutines();
  if (what == "recursion") failed = Recurse(depth) == depth ? 0 : 1;
  if (what == "switched") failed = Switched();
  printf("%s failed %d\n", what.c_str(), failed);
  return failed;
}
