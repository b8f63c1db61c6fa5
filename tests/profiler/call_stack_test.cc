// The fast walker against libgcc's, which Boost.Stacktrace uses: every stack must be the same.
// The code under test is a shared library here, as it is in a program: own frames are those of the
// library.
#include "profiler/call_stack.h"

#include <dlfcn.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace heapcrest {
namespace {

std::unique_ptr<CallStack> g_fast, g_full;

__attribute__((noinline)) void CaptureBoth() {
  if (!g_fast) {
    g_fast = std::make_unique<CallStack>();
    g_full = std::make_unique<CallStack>();
  }
  CaptureCallStack(g_fast.get());
  CaptureCallStackWithBoost(g_full.get());
  asm volatile("");  // so that neither is a tail call
}

std::vector<uint64_t> Frames(const CallStack& stack) {
  return {stack.addresses, stack.addresses + stack.count};
}

// Equal but for the innermost address: the two calls stand one behind the other.
void ExpectSame(size_t at_least) {
  std::vector<uint64_t> fast = Frames(*g_fast), full = Frames(*g_full);
  ASSERT_GE(fast.size(), at_least);
  ASSERT_EQ(fast.size(), full.size());
  EXPECT_LT(full.back() - fast.back(), 64u);
  fast.pop_back();
  full.pop_back();
  EXPECT_EQ(fast, full);
}

TEST(CallStackTest, PlainCallsUnwindToTheStartOfTheProgram) {
  CaptureBoth();
  ExpectSame(5);
}

__attribute__((noinline)) int Recurse(int depth) {
  if (depth == 0) {
    CaptureBoth();
    return 0;
  }
  const int deeper = Recurse(depth - 1);
  asm volatile("");  // so that it stays a recursion
  return deeper + 1;
}

TEST(CallStackTest, RecursionKeepsEveryFrame) {
  EXPECT_EQ(Recurse(500), 500);
  ExpectSame(501);
  EXPECT_EQ(g_fast->omitted, 0u);
}

TEST(CallStackTest, TooDeepStackKeepsBothEndsAndCountsTheRest) {
  CaptureBoth();
  const std::vector<uint64_t> outer = Frames(*g_fast);
#ifdef __SANITIZE_THREAD__
  constexpr int kDepth = 50'000;  // its own shadow of the stack has 65,536 frames
#else
  constexpr int kDepth = 100'000;
#endif
  EXPECT_EQ(Recurse(kDepth), kDepth);
  EXPECT_EQ(g_fast->count, size_t{kMaxStackFrames});
  EXPECT_EQ(g_fast->gap, kMaxStackFrames / 2);
  EXPECT_NEAR(static_cast<double>(g_fast->count + g_fast->omitted),
              static_cast<double>(kDepth) + static_cast<double>(outer.size()), 3);
  const std::vector<uint64_t> frames = Frames(*g_fast);
  EXPECT_TRUE(std::equal(frames.begin(), frames.begin() + outer.size() - 2, outer.begin()));
  EXPECT_EQ(frames[1500], frames[1501]);  // the recursion
}

volatile char g_sink;

__attribute__((noinline)) void WithVariableArray(size_t bytes) {
  volatile auto* block = static_cast<volatile char*>(__builtin_alloca(bytes));
  block[bytes - 1] = 1;
  CaptureBoth();
  g_sink = block[bytes - 1];
}

TEST(CallStackTest, FrameOfVariableSizeUnwinds) {
  for (const size_t bytes : {16, 1000, 200'000}) {
    WithVariableArray(bytes);
    ExpectSame(5);
  }
}

__attribute__((noinline)) void WithAlignedLocal(size_t bytes) {
  alignas(128) volatile char block[256];
  volatile auto* dynamic = static_cast<volatile char*>(__builtin_alloca(bytes));
  block[0] = 1;
  dynamic[0] = 1;
  CaptureBoth();
  g_sink = block[0];
}

TEST(CallStackTest, RealignedStackUnwinds) {
  WithAlignedLocal(100);
  ExpectSame(5);
}

int CompareAndCapture(const void* a, const void* b) {
  CaptureBoth();
  return *static_cast<const int*>(a) - *static_cast<const int*>(b);
}

TEST(CallStackTest, CallbackFromLibcUnwinds) {
  int values[] = {3, 1, 2};
  qsort(values, 3, sizeof(int), CompareAndCapture);
  ExpectSame(6);
}

TEST(CallStackTest, ThreadUnwindsToItsStart) {
  std::thread([] {
    CaptureBoth();
    ExpectSame(3);
  }).join();
}

void OnSignal(int) { CaptureBoth(); }

TEST(CallStackTest, SignalHandlerUnwindsIntoTheInterruptedCode) {
  signal(SIGUSR1, OnSignal);
  raise(SIGUSR1);
  ASSERT_GT(g_fast->count, 6u);
  // The interrupted frame is recorded one byte further: libgcc's address is exact there.
  size_t differing = 0;
  ASSERT_EQ(g_fast->count, g_full->count);
  for (size_t i = 0; i + 1 < g_fast->count; ++i) {
    const uint64_t difference = g_fast->addresses[i] - g_full->addresses[i];
    EXPECT_LE(difference, 1u);
    differing += difference;
  }
  EXPECT_EQ(differing, 1u);
}

TEST(CallStackTest, SignalStackOfItsOwnUnwindsToo) {
  std::vector<char> memory(1 << 16);
  const stack_t own = {memory.data(), 0, memory.size()};
  stack_t before;
  ASSERT_EQ(sigaltstack(&own, &before), 0);
  struct sigaction action = {};
  action.sa_handler = OnSignal;
  action.sa_flags = SA_ONSTACK;
  sigaction(SIGUSR2, &action, nullptr);
  raise(SIGUSR2);
  EXPECT_GT(g_fast->count, 6u);
  EXPECT_EQ(g_fast->count, g_full->count);
  ASSERT_EQ(sigaltstack(&before, nullptr), 0);
}

ucontext_t g_main_context, g_coroutine;

void Coroutine() {
  Recurse(10);
  swapcontext(&g_coroutine, &g_main_context);
}

TEST(CallStackTest, CoroutineUnwindsToItsOwnStart) {
  std::vector<char> memory(1 << 16);
  getcontext(&g_coroutine);
  g_coroutine.uc_stack.ss_sp = memory.data();
  g_coroutine.uc_stack.ss_size = memory.size();
  g_coroutine.uc_link = &g_main_context;
  makecontext(&g_coroutine, Coroutine, 0);
  swapcontext(&g_main_context, &g_coroutine);
  ExpectSame(12);
}

// Code that no library holds, as a compiler at run time makes it: push rbp; mov rbp, rsp;
// call *rdi; pop rbp; ret.
TEST(CallStackTest, CodeMadeAtRunTimeIsCrossedByItsFramePointer) {
  const unsigned char code[] = {0x55, 0x48, 0x89, 0xe5, 0xff, 0xd7, 0x5d, 0xc3};
  void* page =
      mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(page, MAP_FAILED);
  memcpy(page, code, sizeof(code));
  CaptureBoth();
  const size_t outside = g_fast->count;
  reinterpret_cast<void (*)(void (*)())>(page)(CaptureBoth);
  EXPECT_GE(g_fast->count, outside);
  bool crossed = false;
  for (const uint64_t address : Frames(*g_fast)) {
    crossed |= address == reinterpret_cast<uint64_t>(page) + 6;
  }
  EXPECT_TRUE(crossed);
  munmap(page, 4096);
}

__attribute__((noinline)) void ThrowAndCatch() {
  try {
    throw std::runtime_error("x");
  } catch (const std::exception&) {
    CaptureBoth();
  }
}

TEST(CallStackTest, HandlerOfAnExceptionUnwinds) {
  ThrowAndCatch();
  ExpectSame(5);
}

// Frames of the stack before are only taken over while they are what they were.
TEST(CallStackTest, StackThatSharesSomeFramesWithTheOneBeforeUnwinds) {
  for (const int depth : {30, 30, 29, 31, 5, 30, 2, 600, 599, 600, 30}) {
    Recurse(depth);
    ExpectSame(5);
    std::thread([depth] { Recurse(depth); }).join();  // elsewhere, with the same memory
    ExpectSame(3);
  }
}

// What either calls stands at the same addresses.
__attribute__((noinline)) void CallHere() {
  Recurse(3);
  asm volatile("");  // no tail call
}
__attribute__((noinline)) void CallThere() {
  Recurse(3);
  asm volatile("nop");  // not the same function
}

TEST(CallStackTest, FramesAtTheSameAddressesUnderAnotherCallerAreOfThatCaller) {
  const volatile int rounds = 6;
  std::set<uint64_t> hashes;
  for (int i = 0; i < rounds; ++i) {
    (i % 2 == 0 ? CallHere : CallThere)();
    ExpectSame(8);
    hashes.insert(g_fast->hash);
  }
  EXPECT_EQ(hashes.size(), 2u);
}

TEST(CallStackTest, EqualStacksHashAlikeAndOthersDoNot) {
  std::set<uint64_t> hashes;
  const volatile int rounds = 10;
  for (int i = 0; i < rounds; ++i) {
    Recurse(5);
    hashes.insert(g_fast->hash);
  }
  EXPECT_EQ(hashes.size(), 1u);
  Recurse(4);
  EXPECT_FALSE(hashes.contains(g_fast->hash));
}

}  // namespace
}  // namespace heapcrest
