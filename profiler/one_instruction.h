// Changes of a number of this thread's that a signal handler may change as well, at any moment:
// each is one instruction, so that neither loses what the other does. Other threads keep away.
#pragma once

#include <cstdint>

namespace heapcrest {

inline int64_t LoadAtOnce(const int64_t& number) {
  return __atomic_load_n(&number, __ATOMIC_RELAXED);
}

inline int64_t ExchangeAtOnce(int64_t* number, int64_t value) {
  return __atomic_exchange_n(number, value, __ATOMIC_RELAXED);
}

inline void AddAtOnce(int64_t* number, int64_t change) {
#ifdef __x86_64__
  // Without the lock prefix of an atomic operation, which costs 20 cycles.
  asm volatile("addq %1, %0" : "+m"(*number) : "er"(change) : "cc");
#else
  __atomic_fetch_add(number, change, __ATOMIC_RELAXED);
#endif
}

}  // namespace heapcrest
