// What lines hold at the peak of each type of Python's objects.
//
// Thread-safe: pure functions.
#pragma once

#include <cstdint>
#include <vector>

#include "viewer/call_tree.h"
#include "viewer/recording.h"

namespace heapcrest {

struct TypeHeld {
  uint32_t frame = kNone;  // index into Recording::frames: its function is the type's name
  Amount held;
};

// By line, and as the last element of all together; most bytes first. What is missing to the line's
// own bytes is no object, or nobody knows its type. `line_of` is the line of each node of the tree;
// kNone: in all alone. REQUIRES: lines are less than `lines`.
std::vector<std::vector<TypeHeld>> TypesOfLines(const Recording& recording, const CallTree& tree,
                                                const std::vector<uint32_t>& line_of, size_t lines);

}  // namespace heapcrest
