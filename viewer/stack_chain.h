// The stack records of one chunk, each of which may share the outermost frames of the one before.
//
// What is shared costs the writer of a file nothing, so it must cost the reader little: shared
// frames keep their nodes of the tree. They hold only in the same epoch and, behind a gap, only
// with the gap in the same place; the frames that must be looked up anew are limited.
//
// Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "viewer/stack_tree.h"

namespace heapcrest {

class StackChain {
 public:
  // What a stack record says of itself; the deltas of its addresses follow.
  struct Head {
    uint64_t epoch;
    uint64_t omitted;
    uint64_t gap;
    uint64_t shared;
  };

  // `tree` must outlive the chain.
  explicit StackChain(StackTree* tree) : tree_(tree) {}

  // A chunk begins: nothing is shared with what was before.
  void Restart();

  // The next record, in three steps. False: it makes no sense.
  bool Begin(const Head& head);
  void AddFrame(int64_t delta);
  // Its node; kNone if it has no frames or too many had to be looked up anew.
  bool End(uint32_t* stack);

 private:
  StackTree* tree_;
  uint64_t epoch_ = 0;
  uint64_t omitted_ = 0;
  uint64_t gap_ = UINT64_MAX;  // none
  std::vector<uint64_t> addresses_;
  std::vector<uint32_t> nodes_;  // by address: the stack that ends with it; may be shorter
  size_t rebuilt_frames_ = 0;    // in all chunks
};

}  // namespace heapcrest
