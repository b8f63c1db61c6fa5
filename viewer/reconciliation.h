// Why a process's resident memory and its heap differ: one sum that adds up to what the kernel
// says.
//
//   resident = requested + added by malloc - never touched
//              + kept free by malloc + Python's small objects + other mappings + stacks + files +
//              the profiler
//
// Heap blocks are counted exactly, the kernel's kinds are resident pages; so what is left of the
// heaps' pages is free memory that malloc keeps, and what is left of other anonymous pages are
// mappings of the program's own. Python's small objects lie in some of those. Large blocks that
// glibc maps on their own are told by their size: whole pages. Blocks that take more than there are
// pages were not touched yet.
//
// Thread-safe: pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "viewer/peak.h"
#include "viewer/recording.h"

namespace heapcrest {

struct Reconciliation {
  uint64_t time_ns = 0;  // since the process's start
  int64_t resident = 0;
  // Of all short looks: more where the last growth came too late for a long one.
  int64_t highest = 0;
  bool has_heaps_elsewhere = false;  // an allocator's that is not glibc's: among the mappings
  int64_t requested = 0, overhead = 0, untouched = 0;
  int64_t kept_free = 0, objects = 0, mappings = 0, stacks = 0, files = 0, profiler = 0;
};

// The terms of the sum, in order, as outputs name them; those that are subtracted are negative.
struct ReconciliationTerm {
  int64_t bytes;
  const char* what;
  const char* key;  // in JSON
};
std::vector<ReconciliationTerm> TermsOf(const Reconciliation& sum);

// "59.6 MB of RAM, 0.172 s after the start", " = 36.5 MB requested", " + 20.0 MB added by malloc",
// ..., "; at most 62.3 MB": the sentence in pieces that a line may be broken between; terms of 0
// are left out, and so is a highest figure that is hardly more.
std::vector<std::string> InWords(const Reconciliation& sum);

// Nothing where the process was not seen from outside. `peak` is its FindPeak.
std::optional<Reconciliation> Reconcile(const Process& process, const Peak& peak);

}  // namespace heapcrest
