// A call tree cut to what a page can carry: the nodes that hold least are folded into boxes that
// count them, one under each caller. Nothing is lost: a box holds what its nodes held.
//
// Thread-safe: pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "viewer/call_tree.h"

namespace heapcrest {

struct PageTree {
  CallTree tree;
  std::vector<uint32_t> folded;  // by node: > 0: it is a box that stands for so many
  std::vector<uint32_t> place;   // by node of the whole tree: its own place, or that of its box
  size_t folded_nodes = 0;       // all together

  bool is_whole() const { return folded_nodes == 0; }
};

// Has at most `max_nodes` nodes (two, if that is less). What a node holds counts in the view where
// it holds the largest share of all, so that no view loses its heavy frames.
PageTree MakePageTree(const CallTree& tree, size_t max_nodes);

// Of the nodes that `is_chosen` marks. REQUIRES: the root is one, and the parent of each.
PageTree FoldTree(const CallTree& tree, const std::vector<bool>& is_chosen);

}  // namespace heapcrest
