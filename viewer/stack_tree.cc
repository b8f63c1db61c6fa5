#include "viewer/stack_tree.h"

#include <algorithm>

namespace heapcrest {

StackTree::StackTree(Process* process) : process_(process) { process->stacks.emplace_back(); }

uint32_t StackTree::Child(uint32_t parent, uint64_t epoch, uint64_t address) {
  // Nodes of one stack are made one after the other, so mostly the child is the next node: no hash
  // and few cache misses for most of the millions of frames of an exact recording.
  if (size_t{parent} + 1 < process_->stacks.size()) {
    const StackNode& next = process_->stacks[parent + 1];
    if (next.parent == parent && next.location != kNone) {
      const Location& location = process_->locations[next.location];
      if (location.address == address && location.epoch == epoch) return parent + 1;
    }
  }
  const auto [entry, is_new] =
      locations_.try_emplace({epoch, address}, static_cast<uint32_t>(process_->locations.size()));
  if (is_new) process_->locations.push_back({epoch, address});
  return Node(parent, entry->second, 0);
}

uint32_t StackTree::Gap(uint32_t parent, uint64_t omitted) {
  const uint32_t node = Node(parent, kNone, omitted);
  StackNode& gap = process_->stacks[node];
  gap.omitted = std::max(gap.omitted, omitted);
  return node;
}

uint32_t StackTree::Lost() {
  if (lost_ == kNone) {
    lost_ = static_cast<uint32_t>(process_->stacks.size());
    process_->stacks.emplace_back();
  }
  return lost_;
}

uint32_t StackTree::Node(uint32_t parent, uint32_t location, uint64_t omitted) {
  const auto [entry, is_new] = nodes_.try_emplace(uint64_t{parent} << 32 | location,
                                                  static_cast<uint32_t>(process_->stacks.size()));
  if (is_new) process_->stacks.push_back({parent, location, omitted});
  return entry->second;
}

}  // namespace heapcrest
