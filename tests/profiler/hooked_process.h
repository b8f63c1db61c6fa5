// This process with the hooks linked in, as if preloaded: what its capture says was counted, and
// the truth, counted block by block where the hooks call the real allocator.
#pragma once

#include <sys/types.h>

#include <cstdint>

#include "tests/profiler/folds.h"

namespace heapcrest {

// A stretch of the program, from here to its end; both sides count everything, this test's own
// blocks too.
class Stretch {
 public:
  Stretch();
  // REQUIRES: the other threads that took part have ended.
  void End();
  // Ends it too.
  void ExpectExact();
  const Totals& counted() const { return counted_; }
  const Totals& truth() const { return truth_; }

 private:
  Totals counted_, truth_;
};

// While set, the real malloc, calloc and realloc fail.
extern bool g_heap_is_full;

// The most live bytes since the last call, as they were and as the capture has them.
struct Peak {
  int64_t truth, counted;
};
void BeginPeak();
Peak EndPeak();

// How many records of a kind the capture of a process holds.
int RecordsOfProcess(pid_t pid, RecordKind kind);

}  // namespace heapcrest
