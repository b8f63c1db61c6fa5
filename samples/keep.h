// Keeps the optimizer from removing an allocation or a function that a profile must show.
#pragma once

#if defined(__clang__)
#define NOINLINE __attribute__((noinline))
#else
#define NOINLINE __attribute__((noipa))
#endif

template <typename T>
inline T* Keep(T* pointer) {
  asm volatile("" : "+r"(pointer) : : "memory");
  return pointer;
}
