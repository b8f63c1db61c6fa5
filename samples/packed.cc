// A million numbers as an array: what NumPy does. The numbers and nothing else.
//
// packed [count]
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "samples/keep.h"

NOINLINE std::vector<uint64_t> Zeros(size_t count) {
  return std::vector<uint64_t>(count);  // 8,000,000 B for a million
}

int main(int argc, char** argv) {
  const size_t count = argc > 1 ? strtoul(argv[1], nullptr, 10) : 1000000;
  std::vector<uint64_t> array = Zeros(count);
  for (size_t i = 0; i < count; ++i) array[i] = i;
  uint64_t sum = 0;
  for (const uint64_t value : array) sum += value;
  printf("sum %llu\n", static_cast<unsigned long long>(sum));
}
