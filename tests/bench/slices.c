// What churn.c does, in slices that take turns: with libc's malloc and free, and with those that the
// program gets, which are the profiler's when it is preloaded. Both meet the same moods of a busy
// machine, and what happens between whole runs does not matter.
//
//   LD_PRELOAD=libheapcrest.so HEAPCREST_CAPTURES=/tmp slices [SLICES [PAIRS [WORK [FILL]]]]
//                               SLICES: of each kind; PAIRS: in a slice; WORK, FILL: as for churn
//
// Prints tenth percentile, quartile and median of nanoseconds a pair, and their ratios.
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { kSlots = 4096, kMostSlices = 100000 };

struct Family {
  void* (*allocate)(size_t);
  void (*release)(void*);
  void* slots[kSlots];
  double nanoseconds[kMostSlices];  // a pair, slice by slice
};
static struct Family libc_family, seen_family;

static uint64_t random_state = 88172645463325252u;
static unsigned work;
static int fills;

static double Now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static double RunSlice(struct Family* family, uint64_t pairs) {
  uint64_t random = random_state;
  const double start = Now();
  for (uint64_t i = 0; i < pairs; ++i) {
    random ^= random << 13;
    random ^= random >> 7;
    random ^= random << 17;
    void** slot = &family->slots[random % kSlots];
    family->release(*slot);
    const size_t size = 16 + (random >> 32) % 200;
    *slot = family->allocate(size);
    if (fills) memset(*slot, (int)i, size);
    for (unsigned step = 0; step < work; ++step) random = random * 6364136223846793005u + 1;
  }
  const double end = Now();
  random_state = random;
  return (end - start) / (double)pairs;
}

static int Compare(const void* a, const void* b) {
  const double left = *(const double*)a, right = *(const double*)b;
  return (left > right) - (left < right);
}

int main(int argc, char** argv) {
  const long slices = argc > 1 ? strtol(argv[1], NULL, 10) : 1000;
  const uint64_t pairs = argc > 2 ? strtoull(argv[2], NULL, 10) : 20000;
  work = argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 0;
  fills = argc > 4;
  void* libc = dlopen("libc.so.6", RTLD_NOW | RTLD_NOLOAD);
  if (libc == NULL || slices < 1 || slices > kMostSlices || pairs == 0) return 2;
  *(void**)&libc_family.allocate = dlsym(libc, "malloc");
  *(void**)&libc_family.release = dlsym(libc, "free");
  seen_family.allocate = malloc;
  seen_family.release = free;

  RunSlice(&libc_family, pairs);
  RunSlice(&seen_family, pairs);
  for (long i = 0; i < slices; ++i) {
    libc_family.nanoseconds[i] = RunSlice(&libc_family, pairs);
    seen_family.nanoseconds[i] = RunSlice(&seen_family, pairs);
  }
  qsort(libc_family.nanoseconds, (size_t)slices, sizeof(double), Compare);
  qsort(seen_family.nanoseconds, (size_t)slices, sizeof(double), Compare);
  for (int percent = 10; percent <= 50; percent += percent == 10 ? 15 : 25) {
    const double bare = libc_family.nanoseconds[slices * percent / 100];
    const double seen = seen_family.nanoseconds[slices * percent / 100];
    printf("%d %%: %.1f ns, %.1f ns, ratio %.3f\n", percent, bare, seen, seen / bare);
  }
  return 0;
}
