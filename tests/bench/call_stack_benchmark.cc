// What a frame costs: our walker, libunwind with its cache, Boost.Stacktrace; and a whole sample.
#include <benchmark/benchmark.h>
#include <stdlib.h>
#define UNW_LOCAL_ONLY
#include <libunwind.h>

#include <boost/stacktrace/safe_dump_to.hpp>
#include <filesystem>
#include <memory>

#include "profiler/call_stack.h"

namespace heapcrest {
namespace {

// Runs `body` so many frames deep.
template <typename Body>
__attribute__((noinline)) void AtDepth(int64_t frames, const Body& body) {
  if (frames == 0) {
    body();
  } else {
    AtDepth(frames - 1, body);
  }
  asm volatile("");  // so that it stays a recursion
}

void SetFrames(benchmark::State& state) {
  state.counters["ns_per_frame"] = benchmark::Counter(
      static_cast<double>(state.range(0)),
      benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

// Every frame by its rule, as if no stack had been walked before.
void BM_OwnWalker(benchmark::State& state) {
  auto stack = std::make_unique<CallStack>();
  AtDepth(state.range(0), [&] {
    for (auto _ : state) {
      stack->memory.Begin(UINT64_MAX);  // no epoch of any stack
      CaptureCallStack(stack.get());
    }
  });
  SetFrames(state);
}

// Every frame as before.
void BM_OwnWalkerOfTheSameStack(benchmark::State& state) {
  auto stack = std::make_unique<CallStack>();
  AtDepth(state.range(0), [&] {
    for (auto _ : state) CaptureCallStack(stack.get());
  });
  SetFrames(state);
}

void BM_Libunwind(benchmark::State& state) {
  auto frames = std::make_unique<void*[]>(kMaxStackFrames);
  AtDepth(state.range(0), [&] {
    for (auto _ : state) benchmark::DoNotOptimize(unw_backtrace(frames.get(), kMaxStackFrames));
  });
  SetFrames(state);
}

void BM_BoostStacktrace(benchmark::State& state) {
  auto frames = std::make_unique<void*[]>(kMaxStackFrames);
  AtDepth(state.range(0), [&] {
    for (auto _ : state) {
      benchmark::DoNotOptimize(
          boost::stacktrace::safe_dump_to(frames.get(), kMaxStackFrames * sizeof(void*)));
    }
  });
  SetFrames(state);
}

BENCHMARK(BM_OwnWalker)->Arg(10)->Arg(60)->Arg(500);
BENCHMARK(BM_OwnWalkerOfTheSameStack)->Arg(10)->Arg(60)->Arg(500);
BENCHMARK(BM_Libunwind)->Arg(10)->Arg(60)->Arg(500);
BENCHMARK(BM_BoostStacktrace)->Arg(10)->Arg(60)->Arg(500);

}  // namespace
}  // namespace heapcrest
