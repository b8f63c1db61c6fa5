// Who called a line: the heaviest chain of callers, as far as each stands for most of the bytes.
// For a program with a malloc of its own making, the line that allocated says little, and its
// callers say all.
//
// Not thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "viewer/call_tree.h"
#include "viewer/credit.h"
#include "viewer/recording.h"

namespace heapcrest {

struct Caller {
  uint32_t frame = kNone;  // index into Recording::frames: of its lines, the one with most bytes
  int64_t bytes = 0;       // of the called line, at the peak, on this chain
};

// What stands before them: "called by ", or "mostly called by " where others call the line, too.
std::string_view CalledBy(const std::vector<Caller>& callers, int64_t whole);

class CallerFinder {
 public:
  // Both must outlive the finder.
  CallerFinder(const Recording& recording, const CallTree& tree);

  // Those of what is credited to the line, innermost first. Each function has more than half of the
  // line's bytes, and calls the one before, if not directly: left out are functions that have less
  // each, and what names nobody's code: the standard library, allocators, addresses without a name,
  // the program's entry (main, too, if it is further out), and a function that calls itself.
  std::vector<Caller> Of(uint32_t frame) const;

 private:
  struct Holder {
    uint32_t node;
    int64_t bytes;
  };
  using Function = std::pair<uint32_t, uint32_t>;  // its name and its module

  void FindCallers();
  bool IsTelling(uint32_t frame) const;
  bool IsSameFunction(uint32_t a, uint32_t b) const;  // of nodes
  Function FunctionOf(uint32_t node) const;
  uint32_t CallerOf(uint32_t node) const;
  std::optional<Function> NearestWithMost(const std::vector<Holder>& holders, int64_t whole,
                                          const absl::flat_hash_set<Function>& named) const;
  uint32_t MoveTo(Function function, std::vector<Holder>* holders) const;

  const Recording& recording_;
  const LibraryLines library_;
  const CallTree& tree_;
  std::vector<uint32_t> credited_;  // by node
  std::vector<uint32_t> caller_;    // by node; 0: none
};

}  // namespace heapcrest
