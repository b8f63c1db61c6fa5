// Finds the innermost of nested address ranges that holds an address, in O(log n).
//
// Ranges may nest and overlap. Of those that hold an address, the one that begins last wins; of
// those that begin together, the shortest; of equal ones, the first added. Ranges that begin at 0
// or 1 are left out: linkers leave them behind for code that they discarded.
//
// Not thread-safe while ranges are added.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace heapcrest {

class RangeIndex {
 public:
  // Adds [low, high), which stands for `value`.
  void Add(uint64_t low, uint64_t high, uint64_t value);

  // REQUIRES: called once, after the last Add and before the first Find.
  void Sort();

  std::optional<uint64_t> Find(uint64_t address) const;

  size_t size() const { return ranges_.size(); }

 private:
  struct Range {
    uint64_t low, high;
    uint64_t value;
    uint32_t outer;  // the nearest range before it that reached beyond its beginning
  };
  std::vector<Range> ranges_;
};

}  // namespace heapcrest
