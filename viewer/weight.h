// What one sample stands for.
//
// An allocation of `size` bytes is sampled with probability P = 1 - exp(-size / interval)
// (profiler/sampler.h), so a sample stands for 1/P allocations and size/P bytes: the
// Horvitz-Thompson estimator, unbiased for every sum of samples (Horvitz and Thompson, "A
// generalization of sampling without replacement from a finite universe", JASA 47, 1952). Marks
// are independent, so the variance of a sum is the sum over all allocations of size^2 (1-P)/P; its
// unbiased estimate from the samples alone is the sum over them of size^2 (1-P)/P^2.
//
// A block of `interval` bytes or more, and every block at interval 1, is always sampled: it stands
// for itself alone, exactly. Weights are integers, so that adding and taking away cancel exactly.
//
// Thread-safe: pure functions.
#pragma once

#include <cstdint>

#include "viewer/recording.h"

namespace heapcrest {

struct Weight {
  int64_t bytes;
  int64_t count_q16;  // blocks in units of 1/65536
  int64_t overhead;   // bytes that the allocator adds to these blocks
  double variance_bytes2;
  // Of Python's objects, which add up to what was counted of their size class: how little that says
  // of those that live, from 1 to kMostDoubt. Of others 0.
  uint8_t doubt = 0;

  static constexpr uint8_t kMostDoubt = 255;

  bool is_scaled() const { return doubt != 0; }
  bool is_exact() const { return variance_bytes2 == 0; }
  double blocks() const { return static_cast<double>(count_q16) / 65536; }
  // The probability with which the block would have been missed: 1 - P.
  double missed() const {
    if (is_exact()) return 0;
    return variance_bytes2 / (static_cast<double>(bytes) * static_cast<double>(bytes));
  }
};

// What a block of `size` bytes stands for when the allocator adds `overhead` bytes to it.
// REQUIRES: `size` and `interval_bytes` within the limits below.
Weight WeightOf(uint64_t size, uint64_t interval_bytes, uint64_t overhead = 0);

// The same for a sample of `process`; where its overhead is unknown, it is glibc's.
Weight WeightOf(const Sample& sample, const Process& process);

// What it was sampled at.
inline uint64_t IntervalOf(const Sample& sample, const Process& process) {
  return process.interval_bytes >> sample.finer;
}

// A block of malloc's that was sure to be sampled.
inline bool IsLarge(const Sample& sample, const Process& process) {
  return sample.size >= IntervalOf(sample, process) && !sample.is_object;
}

// Larger than any address space of today; a reader refuses what is beyond.
inline constexpr uint64_t kMaxSize = uint64_t{1} << 57;
inline constexpr uint64_t kMaxInterval = uint64_t{1} << 40;

// The most that a small sample's weight is multiplied by (regression.h).
inline constexpr int kMostFactor = 4;

// Whether all weights of the process can be added up in 63 bits, also multiplied. A reader refuses
// a process for which they cannot; nothing behind the reader has to think of overflow.
bool WeightsAddUp(const Process& process);

}  // namespace heapcrest
