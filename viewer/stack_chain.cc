#include "viewer/stack_chain.h"

#include <algorithm>

namespace heapcrest {
namespace {

// An honest capture looks shared frames up anew only where a library was unloaded or a recursion
// crosses the limit of depth.
constexpr size_t kMostRebuiltFrames = 1 << 21;

constexpr uint64_t kNoGap = UINT64_MAX;

}  // namespace

void StackChain::Restart() {
  addresses_.clear();
  nodes_.clear();
}

bool StackChain::Begin(const Head& head) {
  if (head.shared > addresses_.size()) return false;
  const uint64_t gap = head.omitted == 0 ? kNoGap : head.gap;
  size_t valid = std::min<size_t>(head.shared, nodes_.size());
  if (gap != gap_) valid = std::min<size_t>(valid, std::min(gap, gap_));
  if (head.epoch != epoch_) valid = 0;
  rebuilt_frames_ += head.shared - valid;
  addresses_.resize(head.shared);
  nodes_.resize(valid);
  epoch_ = head.epoch;
  omitted_ = head.omitted;
  gap_ = gap;
  return true;
}

void StackChain::AddFrame(int64_t delta) {
  const uint64_t outside = addresses_.empty() ? 0 : addresses_.back();
  addresses_.push_back(outside + static_cast<uint64_t>(delta));
}

bool StackChain::End(uint32_t* stack) {
  *stack = kNone;
  if (gap_ != kNoGap && gap_ > addresses_.size()) return false;
  if (addresses_.empty() || rebuilt_frames_ > kMostRebuiltFrames) return true;
  // Shared with the stack before, and larger now.
  if (gap_ < nodes_.size()) tree_->Gap(gap_ == 0 ? 0 : nodes_[gap_ - 1], omitted_);
  uint32_t node = nodes_.empty() ? 0 : nodes_.back();
  for (size_t i = nodes_.size(); i < addresses_.size(); ++i) {
    if (i == gap_) node = tree_->Gap(node, omitted_);
    node = tree_->Child(node, epoch_, addresses_[i]);
    nodes_.push_back(node);
  }
  *stack = gap_ == addresses_.size() ? tree_->Gap(node, omitted_) : node;
  return true;
}

}  // namespace heapcrest
