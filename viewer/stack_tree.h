// Grows the tree of call stacks of a process: stacks that share their outer frames share nodes.
//
// Not thread-safe.
#pragma once

#include <cstdint>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "viewer/recording.h"

namespace heapcrest {

class StackTree {
 public:
  // Adds to the locations and stacks of `process`, which must outlive the tree and be empty of
  // them.
  explicit StackTree(Process* process);

  // The node of one frame under `parent`.
  uint32_t Child(uint32_t parent, uint64_t epoch, uint64_t address);

  // The node of a gap of `omitted` > 0 frames under `parent`. Stacks that differ only in how many
  // frames they lack share it, with the largest number: a deep recursion would otherwise make a
  // thousand nodes for each depth.
  uint32_t Gap(uint32_t parent, uint64_t omitted);

  // The node for samples whose stack is unknown.
  uint32_t Lost();

 private:
  uint32_t Node(uint32_t parent, uint32_t location, uint64_t omitted);

  Process* process_;
  uint32_t lost_ = kNone;
  absl::flat_hash_map<std::pair<uint64_t, uint64_t>, uint32_t> locations_;  // by epoch, address
  absl::flat_hash_map<uint64_t, uint32_t> nodes_;  // by parent << 32 | location
};

}  // namespace heapcrest
