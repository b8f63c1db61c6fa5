#include "viewer/tree_grower.h"

#include <algorithm>

#include "profiler/format/record.h"
#include "viewer/address_names.h"
#include "viewer/allocator_frames.h"
#include "viewer/object_types.h"

namespace heapcrest {
namespace {

constexpr int kMostNameless = 3;

}  // namespace

uint32_t FrameIds::operator[](uint32_t frame) {
  if (ids_[frame] == kNone) {
    const Frame& f = recording_.frames[frame];
    ids_[frame] = first_.try_emplace({f.function, f.file, f.line, f.module}, frame).first->second;
  }
  return ids_[frame];
}

std::vector<CallNode> TreeGrower::Grow(const Peak& peak) {
  const std::vector<StackAmounts>& stacks = peak.stacks;
  MapStacks(stacks);
  if (std::any_of(peak.not_sampled.begin(), peak.not_sampled.end(), HoldsSomething)) {
    nodes_[Child(0, recording_.not_sampled_frame)].self = peak.not_sampled;
  }
  self_of_.assign(process_.stacks.size(), 0);
  for (const StackAmounts& entry : stacks) {
    const uint32_t node = WithoutAllocator(WithInlined(place_of_[entry.stack]).node);
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

// Finds or makes the tree node of each stack that leads to a sample.
void TreeGrower::MapStacks(const std::vector<StackAmounts>& stacks) {
  std::vector<bool> is_needed(process_.stacks.size());
  for (const StackAmounts& entry : stacks) is_needed[entry.stack] = true;
  for (size_t i = is_needed.size(); i-- > 1;) {
    if (is_needed[i]) is_needed[process_.stacks[i].parent] = true;
  }
  place_of_.assign(process_.stacks.size(), {});
  for (uint32_t i = 1; i < process_.stacks.size(); ++i) {
    if (is_needed[i]) place_of_[i] = PlaceOf(process_.stacks[i]);
  }
}

TreeGrower::Place TreeGrower::WithInlined(Place place) {
  if (place.inlined_in == kNone) return place;
  const Location& location = process_.locations[place.inlined_in];
  for (uint32_t i = location.in_evaluation; i-- > 0;) {
    place.node = Child(place.node, ids_[location.first_frame + i]);
  }
  return {place.node};
}

TreeGrower::Place TreeGrower::PlaceOf(const StackNode& stack) {
  Place place = place_of_[stack.parent];
  const bool is_python =
      stack.location != kNone && IsPythonFrame(process_.locations[stack.location].address);
  if (!is_python) place = WithInlined(place);
  if (stack.location == kNone) {
    const bool is_lost = stack.omitted == 0;
    place.node = Child(place.node, is_lost ? recording_.lost_stack_frame : kNone);
    nodes_[place.node].omitted = stack.omitted;
    return place;
  }
  const Location& location = process_.locations[stack.location];
  if (IsTypeAddress(location.address)) place.node = WithoutAllocator(place.node);
  for (uint32_t i = location.frame_count; i-- > location.in_evaluation;) {
    place.node = Child(place.node, ids_[location.first_frame + i]);
  }
  if (location.in_evaluation > 0) place.inlined_in = stack.location;
  return place;
}

uint32_t TreeGrower::Child(uint32_t parent, uint32_t frame) {
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
uint32_t TreeGrower::WithoutAllocator(uint32_t node) {
  while (node != 0 && nodes_[node].parent != 0 && IsAllocatorsPart(node)) {
    node = nodes_[node].parent;
  }
  return node;
}

// A function without a name is the allocator's if that calls it: stripped programs have wrappers
// that call a static function or two.
bool TreeGrower::IsAllocatorsPart(uint32_t node) {
  for (int i = 0; i < kMostNameless && HasAddressName(nodes_[node].frame); ++i) {
    node = nodes_[node].parent;
  }
  return IsAllocator(nodes_[node].frame);
}

bool TreeGrower::HasAddressName(uint32_t id) const {
  if (id == kNone) return false;
  const Frame& frame = recording_.frames[id];
  return IsAddressName(recording_.strings[frame.function], recording_.strings[frame.module]);
}

bool TreeGrower::IsAllocator(uint32_t id) {
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

}  // namespace heapcrest
