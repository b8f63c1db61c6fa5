// What a call tree costs. The goal: 200,000 different stacks in less than a second.
#include <benchmark/benchmark.h>

#include <string>

#include "tests/viewer/recording_builder.h"
#include "viewer/call_tree.h"
#include "viewer/peak.h"

namespace heapcrest {
namespace {

Recording RecordingOf(int64_t stacks) {
  RecordingBuilder builder;
  for (int64_t i = 0; i < stacks; ++i) {
    builder.Sample({"main", "f:" + std::to_string(i % 500 + 10), "g:" + std::to_string(i + 10)}, 8,
                   static_cast<uint64_t>(i));
  }
  return builder.Build();
}

void BM_CallTree(benchmark::State& state) {
  const Recording recording = RecordingOf(state.range(0));
  const Process& process = recording.processes[0];
  for (auto _ : state) {
    benchmark::DoNotOptimize(BuildCallTree(recording, process, FindPeak(process)));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

BENCHMARK(BM_CallTree)->Arg(20'000)->Arg(200'000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace heapcrest
