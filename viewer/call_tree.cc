#include "viewer/call_tree.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "viewer/address_names.h"
#include "viewer/allocator_frames.h"
#include "viewer/object_types.h"
#include "viewer/peak.h"

namespace heapcrest {
namespace {

// A figure that was counted may have no sample.
bool HoldsSomething(const Amount& amount) { return amount.samples != 0 || amount.bytes != 0; }

// Gives frames of equal content one id, that of the first one met.
class FrameIds {
 public:
  explicit FrameIds(const Recording& recording)
      : recording_(recording), ids_(recording.frames.size(), kNone) {}

  uint32_t operator[](uint32_t frame) {
    if (ids_[frame] == kNone) {
      const Frame& f = recording_.frames[frame];
      ids_[frame] = first_.try_emplace({f.function, f.file, f.line, f.module}, frame).first->second;
    }
    return ids_[frame];
  }

 private:
  using Content = std::tuple<uint32_t, uint32_t, uint32_t, uint32_t>;
  const Recording& recording_;
  std::vector<uint32_t> ids_;
  absl::flat_hash_map<Content, uint32_t> first_;
};

constexpr int kMostNameless = 3;

// Grows a tree whose parents come before their children, in the order in which frames are met.
class TreeGrower {
 public:
  TreeGrower(const Recording& recording, const Process& process)
      : recording_(recording), process_(process), ids_(recording), nodes_(1) {}

  std::vector<CallNode> Grow(const Peak& peak) {
    const std::vector<StackAmounts>& stacks = peak.stacks;
    MapStacks(stacks);
    if (std::any_of(peak.not_sampled.begin(), peak.not_sampled.end(), HoldsSomething)) {
      nodes_[Child(0, recording_.not_sampled_frame)].self = peak.not_sampled;
    }
    self_of_.assign(process_.stacks.size(), 0);
    for (const StackAmounts& entry : stacks) {
      const uint32_t node = WithoutAllocator(node_of_[entry.stack]);
      self_of_[entry.stack] = node;
      Amounts& self = nodes_[node].self;
      for (size_t view = 0; view < kViewCount; ++view) self[view] += entry.amounts[view];
    }
    for (CallNode& node : nodes_) node.total = node.self;
    for (size_t i = nodes_.size(); i-- > 1;) {
      Amounts& total = nodes_[nodes_[i].parent].total;
      for (size_t view = 0; view < kViewCount; ++view) total[view] += nodes_[i].total[view];
    }
    return std::move(nodes_);
  }

  // By stack, of those that lead to a sample: the node that has what was allocated there.
  const std::vector<uint32_t>& self_of() const { return self_of_; }

 private:
  // Finds or makes the tree node of each stack that leads to a sample.
  void MapStacks(const std::vector<StackAmounts>& stacks) {
    std::vector<bool> is_needed(process_.stacks.size());
    for (const StackAmounts& entry : stacks) is_needed[entry.stack] = true;
    for (size_t i = is_needed.size(); i-- > 1;) {
      if (is_needed[i]) is_needed[process_.stacks[i].parent] = true;
    }
    node_of_.assign(process_.stacks.size(), 0);
    for (uint32_t i = 1; i < process_.stacks.size(); ++i) {
      if (is_needed[i]) node_of_[i] = NodeOf(process_.stacks[i]);
    }
  }

  uint32_t NodeOf(const StackNode& stack) {
    uint32_t node = node_of_[stack.parent];
    if (stack.location == kNone) {
      const bool is_lost = stack.omitted == 0;
      node = Child(node, is_lost ? recording_.lost_stack_frame : kNone);
      nodes_[node].omitted = stack.omitted;
      return node;
    }
    const Location& location = process_.locations[stack.location];
    if (IsTypeAddress(location.address)) node = WithoutAllocator(node);
    for (uint32_t i = location.frame_count; i-- > 0;) {
      node = Child(node, ids_[location.first_frame + i]);
    }
    return node;
  }

  uint32_t Child(uint32_t parent, uint32_t frame) {
    const auto [entry, is_new] =
        children_.try_emplace({parent, frame}, static_cast<uint32_t>(nodes_.size()));
    if (is_new) {
      CallNode child;
      child.parent = parent;
      child.frame = frame;
      child.depth = nodes_[parent].depth + 1;
      nodes_.push_back(child);
    }
    return entry->second;
  }

  // A stack of nothing but an allocator's frames keeps the outermost.
  uint32_t WithoutAllocator(uint32_t node) {
    while (node != 0 && nodes_[node].parent != 0 && IsAllocatorsPart(node)) {
      node = nodes_[node].parent;
    }
    return node;
  }

  // A function without a name is the allocator's if that calls it: stripped programs have wrappers
  // that call a static function or two.
  bool IsAllocatorsPart(uint32_t node) {
    for (int i = 0; i < kMostNameless && HasAddressName(nodes_[node].frame); ++i) {
      node = nodes_[node].parent;
    }
    return IsAllocator(nodes_[node].frame);
  }

  bool HasAddressName(uint32_t id) const {
    if (id == kNone) return false;
    const Frame& frame = recording_.frames[id];
    return IsAddressName(recording_.strings[frame.function], recording_.strings[frame.module]);
  }

  bool IsAllocator(uint32_t id) {
    if (id == kNone) return false;
    const auto [entry, is_new] = is_allocator_.try_emplace(id, false);
    if (is_new) {
      const Frame& frame = recording_.frames[id];
      entry->second =
          !IsTypeFrame(recording_, id) &&
          IsAllocatorFrame(recording_.strings[frame.function], recording_.strings[frame.module]);
    }
    return entry->second;
  }

  const Recording& recording_;
  const Process& process_;
  FrameIds ids_;
  std::vector<CallNode> nodes_;
  std::vector<uint32_t> node_of_;  // by stack
  std::vector<uint32_t> self_of_;
  absl::flat_hash_map<std::pair<uint32_t, uint32_t>, uint32_t> children_;
  absl::flat_hash_map<uint32_t, bool> is_allocator_;  // by frame
};

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
