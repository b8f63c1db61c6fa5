#include "viewer/report/page_tree.h"

#include <algorithm>
#include <numeric>

namespace heapcrest {
namespace {

// No child's is larger than its parent's.
double Importance(const CallTree& tree, uint32_t node) {
  double importance = 0;
  for (size_t view = 0; view < kViewCount; ++view) {
    const int64_t all = tree.nodes[0].total[view].bytes;
    if (all <= 0) continue;
    importance = std::max(importance, static_cast<double>(tree.nodes[node].total[view].bytes) /
                                          static_cast<double>(all));
  }
  return importance;
}

// The most important ones. Of equal ones the first in preorder, so that the choice is a tree.
std::vector<bool> Choose(const CallTree& tree, size_t count) {
  std::vector<double> importance(tree.nodes.size());
  for (uint32_t i = 0; i < importance.size(); ++i) importance[i] = Importance(tree, i);
  std::vector<uint32_t> order(tree.nodes.size());
  std::iota(order.begin(), order.end(), 0);
  std::nth_element(order.begin(), order.begin() + static_cast<ptrdiff_t>(count), order.end(),
                   [&](uint32_t a, uint32_t b) {
                     return importance[a] != importance[b] ? importance[a] > importance[b] : a < b;
                   });
  std::vector<bool> is_chosen(tree.nodes.size());
  for (size_t i = 0; i < count; ++i) is_chosen[order[i]] = true;
  return is_chosen;
}

// Walks through the whole tree in preorder; a box follows the last of its siblings.
class Folder {
 public:
  Folder(const CallTree& tree, const std::vector<bool>& is_chosen)
      : tree_(tree), is_chosen_(is_chosen), boxes_(tree.nodes.size(), kNone) {
    result_.place.resize(tree.nodes.size());
  }

  PageTree Fold() {
    std::vector<uint32_t> nearest(tree_.nodes.size());  // chosen, at or above each node
    for (uint32_t i = 0; i < tree_.nodes.size(); ++i) {
      CloseUpTo(i);
      if (is_chosen_[i]) Keep(i);
      nearest[i] = open_.back().node;
      if (!is_chosen_[i]) Drop(i);
    }
    CloseUpTo(static_cast<uint32_t>(tree_.nodes.size()));
    for (uint32_t i = 0; i < tree_.nodes.size(); ++i) {
      if (!is_chosen_[i]) result_.place[i] = boxes_[nearest[i]];
    }
    return std::move(result_);
  }

 private:
  struct Open {
    uint32_t node;  // of the whole tree
    uint32_t folded = 0;
    Amounts held = {};
  };

  void Keep(uint32_t node) {
    result_.place[node] = Add(tree_.nodes[node], 0);
    open_.push_back({node});
  }

  void Drop(uint32_t node) {
    ++open_.back().folded;
    ++result_.folded_nodes;
    for (size_t view = 0; view < kViewCount; ++view) {
      open_.back().held[view] += tree_.nodes[node].self[view];
    }
  }

  void CloseUpTo(uint32_t node) {
    while (!open_.empty() && tree_.nodes[open_.back().node].subtree_end <= node) {
      const Open& last = open_.back();
      if (last.folded > 0) boxes_[last.node] = AddBox(last);
      result_.tree.nodes[result_.place[last.node]].subtree_end =
          static_cast<uint32_t>(result_.tree.nodes.size());
      open_.pop_back();
    }
  }

  uint32_t AddBox(const Open& open) {
    CallNode box;
    box.parent = open.node;
    box.depth = tree_.nodes[open.node].depth + 1;
    box.self = box.total = open.held;
    const uint32_t place = Add(box, open.folded);
    result_.tree.nodes[place].subtree_end = place + 1;
    return place;
  }

  // `node` names its parent in the whole tree.
  uint32_t Add(CallNode node, uint32_t folded) {
    if (node.parent != kNone) node.parent = result_.place[node.parent];
    result_.tree.nodes.push_back(node);
    result_.folded.push_back(folded);
    return static_cast<uint32_t>(result_.tree.nodes.size() - 1);
  }

  const CallTree& tree_;
  const std::vector<bool>& is_chosen_;
  std::vector<uint32_t> boxes_;  // by node of the whole tree
  std::vector<Open> open_;       // the chosen nodes around the current one
  PageTree result_;
};

}  // namespace

PageTree MakePageTree(const CallTree& tree, size_t max_nodes) {
  if (tree.nodes.size() <= max_nodes) {
    PageTree whole = {tree, std::vector<uint32_t>(tree.nodes.size()), {}, 0};
    whole.place.resize(tree.nodes.size());
    std::iota(whole.place.begin(), whole.place.end(), 0);
    return whole;
  }
  // Each node that stays may need a box beside it.
  return FoldTree(tree, Choose(tree, std::max<size_t>(1, max_nodes / 2)));
}

PageTree FoldTree(const CallTree& tree, const std::vector<bool>& is_chosen) {
  return Folder(tree, is_chosen).Fold();
}

}  // namespace heapcrest
