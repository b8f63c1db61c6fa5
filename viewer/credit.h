// Which line of a stack gets the credit for what was allocated at its end: the innermost that is
// nobody's library, for that is the one to change.
//
// Thread-safe: pure functions.
#pragma once

#include <cstdint>
#include <vector>

#include "viewer/call_tree.h"
#include "viewer/interpreter_frames.h"
#include "viewer/recording.h"

namespace heapcrest {

// Which lines are of a standard library, Python's and its interpreter's included. kNone, frames
// left out of a deep stack, is nobody's.
class LibraryLines {
 public:
  // Looks at `recording` as long as it is used.
  explicit LibraryLines(const Recording& recording);

  // What stands higher is the line to change, and gets what those below allocate for it.
  enum Rank : int8_t { kType, kBehindPython, kStandard, kNobodys };
  Rank RankOf(uint32_t frame) const;

  bool Hold(uint32_t frame) const { return RankOf(frame) != kNobodys; }

 private:
  const Recording& recording_;
  const Interpreters interpreters_;
};

// For each node of the tree, the one that its own bytes are credited to: the nearest, itself
// included, of the highest rank. Where a program of Python's own library runs, that is its line.
std::vector<uint32_t> CreditedNodes(const Recording& recording, const CallTree& tree);

}  // namespace heapcrest
