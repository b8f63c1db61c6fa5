// What threads folded into a capture. Reads without allocating, so that a process can read its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <ostream>
#include <span>

#include "profiler/format/record.h"

namespace heapcrest {

struct Totals {
  int64_t allocated = 0;  // blocks
  int64_t requested = 0;  // bytes
  int64_t freed = 0;      // blocks
  int64_t live = 0;       // bytes of heap

  friend bool operator==(const Totals&, const Totals&) = default;
};
Totals operator-(const Totals& a, const Totals& b);
void PrintTo(const Totals& totals, std::ostream* out);

struct Fold {
  uint64_t time;
  int64_t live;  // the change of live bytes
};

// Their sum, and the first of them in `folds`.
Totals ReadFolds(const char* capture, std::span<Fold> folds, size_t* count);

int CountRecords(const char* capture, RecordKind kind);

}  // namespace heapcrest
