#include "viewer/report/sample_groups.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "viewer/allocator_frames.h"
#include "viewer/sample_weights.h"
#include "viewer/weight.h"

namespace heapcrest {
namespace {

// Follows stacks down the call tree.
class StackWalker {
 public:
  StackWalker(const Recording& recording, const Process& process, const CallTree& tree,
              const FrameTable& frames)
      : recording_(recording), process_(process), tree_(tree), frames_(frames) {
    for (uint32_t i = 1; i < tree.nodes.size(); ++i) {
      const CallNode& node = tree.nodes[i];
      children_.try_emplace({node.parent, PageFrame(node.frame)}, i);
    }
  }

  // By stack. A stack whose end the tree folded away gets the node that it was folded into.
  std::vector<uint32_t> NodesOfStacks() const {
    std::vector<uint32_t> node_of(process_.stacks.size(), 0);
    std::vector<bool> has_left(process_.stacks.size());
    for (size_t i = 1; i < process_.stacks.size(); ++i) {
      const StackNode& stack = process_.stacks[i];
      uint32_t node = node_of[stack.parent];
      has_left[i] = has_left[stack.parent];
      const auto step = [&](uint32_t frame) {
        const auto child = children_.find({node, frame});
        has_left[i] = has_left[i] || child == children_.end();
        if (!has_left[i]) node = child->second;
      };
      ForEachFrame(stack, step);
      node_of[i] = node;
    }
    for (uint32_t& node : node_of) node = WithoutAllocator(node);
    return node_of;
  }

 private:
  static constexpr uint32_t kGapFrame = kNone;

  uint32_t PageFrame(uint32_t frame) const { return frame == kNone ? kGapFrame : frames_[frame]; }

  template <typename Step>
  void ForEachFrame(const StackNode& stack, const Step& step) const {
    if (stack.location == kNone) {
      const bool is_lost = stack.omitted == 0;
      return step(is_lost ? PageFrame(recording_.lost_stack_frame) : kGapFrame);
    }
    const Location& location = process_.locations[stack.location];
    for (uint32_t i = location.frame_count; i-- > 0;) {
      step(frames_[location.first_frame + i]);
    }
  }

  uint32_t WithoutAllocator(uint32_t node) const {
    while (node != 0 && tree_.nodes[node].parent != 0 && IsAllocator(tree_.nodes[node].frame)) {
      node = tree_.nodes[node].parent;
    }
    return node;
  }

  bool IsAllocator(uint32_t frame) const {
    if (frame == kNone) return false;
    const Frame& f = recording_.frames[frame];
    return IsAllocatorFrame(recording_.strings[f.function], recording_.strings[f.module]);
  }

  const Recording& recording_;
  const Process& process_;
  const CallTree& tree_;
  const FrameTable& frames_;
  absl::flat_hash_map<std::pair<uint32_t, uint32_t>, uint32_t> children_;
};

// The first moment that comes behind `event` events of one kind.
uint32_t FirstMomentBehind(const std::vector<ScaledMoment>& moments, size_t Moment::*events,
                           size_t event) {
  const auto found = std::partition_point(
      moments.begin(), moments.end(), [&](const ScaledMoment& m) { return m.at.*events <= event; });
  return static_cast<uint32_t>(found - moments.begin());
}

// As the page adds it up: what no moment scales has no variance.
Weight PageWeight(Weight weight) {
  if (weight.is_scaled) weight.variance_bytes2 = 0;
  return weight;
}

auto Key(const SampleGroup& g) { return std::tie(g.node, g.weight, g.born, g.died, g.thread); }

}  // namespace

std::vector<uint32_t> NodesOfSamples(const Recording& recording, const Process& process,
                                     const CallTree& tree, const FrameTable& frames) {
  const std::vector<uint32_t> node_of_stack =
      StackWalker(recording, process, tree, frames).NodesOfStacks();
  std::vector<uint32_t> nodes;
  nodes.reserve(process.samples.size());
  for (const Sample& sample : process.samples) nodes.push_back(node_of_stack[sample.stack]);
  return nodes;
}

std::vector<SampleGroup> GroupSamples(const Process& process, const std::vector<uint32_t>& nodes,
                                      const Timeline& timeline,
                                      const std::vector<ScaledMoment>& moments,
                                      WeightTable* weights) {
  const SampleWeights sample_weights(process);
  std::vector<SampleGroup> all;
  all.reserve(process.samples.size());
  for (size_t i = 0; i < process.samples.size(); ++i) {
    const uint32_t free = timeline.free_order[i];
    const Sample& sample = process.samples[i];
    all.push_back({nodes[i], weights->NumberOf(sample.size, PageWeight(sample_weights[i])),
                   FirstMomentBehind(moments, &Moment::allocations, i),
                   free == kNone ? static_cast<uint32_t>(moments.size())
                                 : FirstMomentBehind(moments, &Moment::frees, free),
                   sample.thread, 1});
  }
  std::sort(all.begin(), all.end(),
            [](const SampleGroup& a, const SampleGroup& b) { return Key(a) < Key(b); });
  std::vector<SampleGroup> groups;
  for (const SampleGroup& group : all) {
    if (!groups.empty() && Key(groups.back()) == Key(group)) {
      ++groups.back().times;
    } else {
      groups.push_back(group);
    }
  }
  return groups;
}

std::vector<Correction> CorrectionsFor(const Process& process, const CallTree& tree,
                                       const std::vector<uint32_t>& nodes, const Peak& peak,
                                       const Timeline& timeline) {
  const SampleWeights weights(process);
  std::vector<Amounts> sums(tree.nodes.size());
  for (size_t i = 0; i < nodes.size(); ++i) {
    const Weight weight = PageWeight(weights[i]);
    const uint32_t free = timeline.free_order[i];
    const bool is_in[kViewCount] = {i < peak.moment.allocations && free >= peak.moment.frees,
                                    free == kNone, true};
    for (size_t view = 0; view < kViewCount; ++view) {
      if (is_in[view]) AddWeight(weight, &sums[nodes[i]][view]);
    }
  }
  std::vector<Correction> corrections;
  for (uint32_t node = 0; node < tree.nodes.size(); ++node) {
    for (uint32_t view = 0; view < kViewCount; ++view) {
      Amount amount = tree.nodes[node].self[view];
      const Amount& sum = sums[node][view];
      amount.bytes -= sum.bytes;
      amount.count_q16 -= sum.count_q16;
      amount.samples -= sum.samples;
      amount.overhead -= sum.overhead;
      if (amount.bytes == 0 && amount.count_q16 == 0 && amount.samples == 0 &&
          amount.overhead == 0 && amount.object_variance_bytes2 == 0) {
        continue;
      }
      amount.variance_bytes2 += amount.object_variance_bytes2 - sum.variance_bytes2;
      corrections.push_back({node, view, amount});
    }
  }
  return corrections;
}

}  // namespace heapcrest
