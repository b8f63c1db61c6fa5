// How much finer than asked a process is sampled at first.
//
// Short programs, and what a long one sets up before it works (imports, tables), take few samples
// at 64 KiB: 10 MB give 150, a standard deviation of 8 %. So the first 4,096 samples of a process
// are taken at a sixteenth of the interval, as many at an eighth, and so on: 10 MB give 2,500 then,
// and the whole lot costs 10 to 30 ms, once: a deep stack, which takes long to walk, counts as
// several samples. Each sample says by how much finer it was taken. When to change depends on the
// samples before alone and never on where the next mark is, so no weight becomes biased
// (docs/sampling.md).
//
// Thread-safe: pure functions. Called from hooks: yes (slow path). Allocates: never.
#pragma once

#include <cstdint>

#include "profiler/format/record.h"

namespace heapcrest {

inline constexpr uint64_t kSamplesPerLevel = 4096;
inline constexpr uint64_t kFramesPerSample = 512;
// Who asks for less than twice that gets what was asked for.
inline constexpr uint64_t kFinestEarlyBytes = 4096;

// By which power of two finer than `interval_bytes` the sample behind `samples` others is taken.
constexpr uint32_t FinerAfter(uint64_t samples, uint64_t interval_bytes) {
  uint32_t finest = 0;
  while (finest < kMostFiner && interval_bytes >> (finest + 1) >= kFinestEarlyBytes) ++finest;
  const uint64_t level = samples / kSamplesPerLevel;
  return level < finest ? finest - static_cast<uint32_t>(level) : 0;
}

// As how many samples one with a stack of so many frames counts.
constexpr uint64_t EarlySamplesOf(uint64_t frames) { return 1 + frames / kFramesPerSample; }

}  // namespace heapcrest
