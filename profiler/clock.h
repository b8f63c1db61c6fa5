// The clocks of a capture, in nanoseconds. Both go through the vDSO: no system call.
//
// Thread-safe and async-signal-safe. Called from hooks: yes (slow path). Allocates: never.
#pragma once

#include <time.h>

#include <cstdint>

namespace heapcrest {

inline uint64_t ReadClock(clockid_t clock) {
  timespec now;
  clock_gettime(clock, &now);
  return static_cast<uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(now.tv_nsec);
}

// One clock for all processes of a machine.
inline uint64_t MonotonicNanoseconds() { return ReadClock(CLOCK_MONOTONIC); }
inline uint64_t RealtimeNanoseconds() { return ReadClock(CLOCK_REALTIME); }

}  // namespace heapcrest
