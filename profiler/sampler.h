// Decides which allocations to sample.
//
// Memory is one long stream of bytes with Poisson marks `interval_bytes` apart on average; an
// allocation that covers a mark is sampled. At 64 KiB a 4 KiB block is sampled with probability
// 1 - exp(-1/16) = 0.0606. A block of `interval_bytes` or more is always sampled and leaves the
// stream where it was. What a sample weighs, and its variance: docs/sampling.md.
//
// The hook subtracts each size from `countdown` and comes here when that turns negative. The
// distance to the next mark is split: `countdown` never holds more than interval_bytes - 1, so that
// a large block turns it negative without a second comparison; the rest waits in `beyond_`.
//
// Not thread-safe: one per thread. Async-signal-safe: a handler may allocate at any moment; no size
// gets lost. Called from hooks: yes. Allocates: never.
#pragma once

#include <cstdint>

namespace heapcrest {

class Sampler {
 public:
  // Draws the first mark. `seed` should differ between threads; `interval_bytes` of 1 samples
  // every allocation, even of 0 bytes. `asks_always` leaves `countdown` negative, for a hook that
  // wants to see every allocation.
  void Start(uint64_t interval_bytes, uint64_t seed, bool asks_always = false);

  // From now on marks lie `interval_bytes` apart. The process of marks has no memory, so the way to
  // the next one may be drawn anew at any time that does not depend on where it would have been.
  void ChangeInterval(uint64_t interval_bytes);

  // Asks no more, unless always.
  void Stop(bool asks_always);

  // Says whether the allocation of `size` bytes that turned `countdown` negative is sampled, and
  // sets `countdown` for the ones to come.
  // REQUIRES: `size` was subtracted already.
  bool CoversMark(uint64_t size);

  // Hot. Subtracts an allocation's size from `countdown` and returns that.
  int64_t Subtract(uint64_t size) {
    return countdown = static_cast<int64_t>(static_cast<uint64_t>(countdown) - size);
  }

  // After that turned `countdown` negative: whether it did only because it always does. If so, all
  // is done.
  bool PassesAnyway(uint64_t size) {
    if (!asks_always_ || size >= interval_bytes_ - 1 || size >= beyond_) return false;
    beyond_ -= size;
    countdown += static_cast<int64_t>(size);
    origin_ += static_cast<int64_t>(size);
    return true;
  }

  // The same once more: the distance was drawn anew, but the allocation is the one at hand.
  void SubtractAgain(uint64_t size);

  // Leaves the stream as it was before the allocation of `size` bytes that turned `countdown`
  // negative: the next one is to ask again.
  void AskAgain(uint64_t size);

  // The sum of all sizes that were subtracted since it was asked last.
  uint64_t TakeRequested();

  // Hot. Changes with each size that is subtracted.
  int64_t Requested() const { return origin_ - countdown; }

  // After an allocation that failed: one of half the address space or more wraps around, and must
  // not silence the sampler.
  void NoteFailure();

  // Hot. Leaves one of them out of that sum.
  void Withdraw(uint64_t size) {
    origin_ = static_cast<int64_t>(static_cast<uint64_t>(origin_) - size);
  }

  // Negative at first, so that a thread's first allocation asks.
  int64_t countdown = -1;

 private:
  uint64_t DrawDistance();
  void SetDistance(uint64_t bytes);
  void SetCountdown(int64_t value);

  bool asks_always_ = false;
  uint64_t interval_bytes_ = 0;
  uint64_t beyond_ = 0;
  int64_t origin_ = -1;  // requested bytes since TakeRequested = origin_ - countdown
  uint64_t random_ = 0;
};

// Natural logarithm of a number in (0, 1], to 1e-12; here so that the preload library needs no
// libm.
double NaturalLogarithm(double x);

}  // namespace heapcrest
