#include "viewer/call_tree.h"

#include <algorithm>
#include <utility>

#include "viewer/tree_grower.h"

namespace heapcrest {
namespace {

// Texts have the same ids in a capture and in the profile made of it: so has the order.
bool IsHeavier(const Recording& recording, const CallNode& a, const CallNode& b) {
  for (size_t view = 0; view < kViewCount; ++view) {
    if (a.total[view].bytes != b.total[view].bytes)
      return a.total[view].bytes > b.total[view].bytes;
  }
  if (a.frame == kNone || b.frame == kNone) return a.frame < b.frame;
  return recording.frames[a.frame] < recording.frames[b.frame];
}

// The children of each node that hold anything, heaviest first: those of node i are
// list[begin[i]] to list[begin[i + 1] - 1].
struct Children {
  std::vector<uint32_t> begin;
  std::vector<uint32_t> list;
};

Children SortChildren(const Recording& recording, const std::vector<CallNode>& nodes) {
  const auto is_held = [&](size_t i) {
    return std::any_of(nodes[i].total.begin(), nodes[i].total.end(), HoldsSomething);
  };
  Children children;
  children.begin.assign(nodes.size() + 1, 0);
  for (size_t i = 1; i < nodes.size(); ++i) {
    if (is_held(i)) ++children.begin[nodes[i].parent + 1];
  }
  for (size_t i = 0; i < nodes.size(); ++i) children.begin[i + 1] += children.begin[i];
  children.list.resize(children.begin.back());
  std::vector<uint32_t> end = children.begin;
  for (uint32_t i = 1; i < nodes.size(); ++i) {
    if (is_held(i)) children.list[end[nodes[i].parent]++] = i;
  }
  for (size_t i = 0; i < nodes.size(); ++i) {
    std::sort(children.list.begin() + children.begin[i], children.list.begin() + end[i],
              [&](uint32_t a, uint32_t b) { return IsHeavier(recording, nodes[a], nodes[b]); });
  }
  return children;
}

CallTree InPreorder(const std::vector<CallNode>& nodes, const Children& children,
                    const std::vector<uint32_t>& self_of) {
  CallTree tree;
  std::vector<uint32_t> place_of(nodes.size(), 0);
  tree.nodes.reserve(children.list.size() + 1);
  std::vector<std::pair<uint32_t, uint32_t>> to_do = {{0, kNone}};  // node, its parent's new place
  while (!to_do.empty()) {
    const auto [node, parent] = to_do.back();
    to_do.pop_back();
    const auto place = static_cast<uint32_t>(tree.nodes.size());
    place_of[node] = place;
    tree.nodes.push_back(nodes[node]);
    tree.nodes.back().parent = parent;
    tree.nodes.back().subtree_end = place + 1;
    for (uint32_t i = children.begin[node + 1]; i-- > children.begin[node];) {
      to_do.emplace_back(children.list[i], place);
    }
  }
  for (size_t i = tree.nodes.size(); i-- > 1;) {
    CallNode& parent = tree.nodes[tree.nodes[i].parent];
    parent.subtree_end = std::max(parent.subtree_end, tree.nodes[i].subtree_end);
  }
  tree.node_of_stack.reserve(self_of.size());
  for (const uint32_t node : self_of) tree.node_of_stack.push_back(place_of[node]);
  return tree;
}

}  // namespace

Amount& Amount::operator+=(const Amount& other) {
  bytes += other.bytes;
  count_q16 += other.count_q16;
  samples += other.samples;
  overhead += other.overhead;
  scaled_bytes += other.scaled_bytes;
  variance_bytes2 += other.variance_bytes2;
  object_variance_bytes2 += other.object_variance_bytes2;
  return *this;
}

CallTree BuildCallTree(const Recording& recording, const Process& process, const Peak& peak) {
  TreeGrower grower(recording, process);
  const std::vector<CallNode> nodes = grower.Grow(peak);
  return InPreorder(nodes, SortChildren(recording, nodes), grower.self_of());
}

}  // namespace heapcrest
