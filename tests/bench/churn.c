// Nothing but malloc and free: blocks of 16 to 215 bytes at random among 4,096 slots. The hardest
// case for a profiler, since the program does nothing else.
//
//   churn PAIRS [WORK [FILL]]   WORK: steps of arithmetic between pairs, each waiting for the last
//                               (0: about 20 ns a pair; 22: 50 ns); FILL: writes each block, as
//                               programs do (0 1: 50 ns)
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { kSlots = 4096 };
static void* slots[kSlots];

int main(int argc, char** argv) {
  const uint64_t pairs = argc > 1 ? strtoull(argv[1], NULL, 10) : 100000000;
  const unsigned work = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 0;
  const int fills = argc > 3;
  uint64_t random = 88172645463325252u;
  for (uint64_t i = 0; i < pairs; ++i) {
    random ^= random << 13;
    random ^= random >> 7;
    random ^= random << 17;
    void** slot = &slots[random % kSlots];
    free(*slot);
    const size_t size = 16 + (random >> 32) % 200;
    *slot = malloc(size);
    if (fills) memset(*slot, (int)i, size);
    for (unsigned step = 0; step < work; ++step) random = random * 6364136223846793005u + 1;
  }
  printf("%llu\n", (unsigned long long)random);
  return 0;
}
