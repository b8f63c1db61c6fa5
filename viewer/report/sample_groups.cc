#include "viewer/report/sample_groups.h"

#include <algorithm>
#include <boost/sort/pdqsort/pdqsort.hpp>
#include <tuple>

#include "viewer/sample_weights.h"
#include "viewer/weight.h"

namespace heapcrest {
namespace {

// The first moment that comes behind `event` events of one kind.
uint32_t FirstMomentBehind(const std::vector<PickedMoment>& moments, size_t Moment::*events,
                           size_t event) {
  const auto found = std::partition_point(
      moments.begin(), moments.end(), [&](const PickedMoment& m) { return m.at.*events <= event; });
  return static_cast<uint32_t>(found - moments.begin());
}

// As the page adds it up: what no moment scales has no variance.
Weight PageWeight(Weight weight) {
  if (weight.is_scaled()) weight.variance_bytes2 = 0;
  return weight;
}

auto Key(const SampleGroup& g) { return std::tie(g.node, g.weight, g.born, g.died, g.thread); }

}  // namespace

std::vector<uint32_t> NodesOfSamples(const Process& process, const CallTree& tree) {
  std::vector<uint32_t> nodes;
  nodes.reserve(process.samples.size());
  for (const Sample& sample : process.samples) nodes.push_back(tree.node_of_stack[sample.stack]);
  return nodes;
}

std::vector<SampleGroup> GroupSamples(const Process& process, const std::vector<uint32_t>& nodes,
                                      const Timeline& timeline,
                                      const std::vector<PickedMoment>& moments,
                                      WeightTable* weights) {
  const SampleWeights sample_weights(process);
  std::vector<SampleGroup> all;
  all.reserve(nodes.size());
  for (size_t i = 0; i < nodes.size(); ++i) {
    const uint32_t free = timeline.free_order[i];
    const Sample& sample = process.samples[i];
    all.push_back({nodes[i], weights->NumberOf(sample.size, PageWeight(sample_weights[i])),
                   FirstMomentBehind(moments, &Moment::allocations, i),
                   free == kNone ? static_cast<uint32_t>(moments.size())
                                 : FirstMomentBehind(moments, &Moment::frees, free),
                   sample.thread, 1});
  }
  boost::sort::pdqsort(all.begin(), all.end(),
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
      // Beyond the groups only what is scaled differs.
      if (!nodes.empty()) amount.scaled_bytes = amount.bytes;
      corrections.push_back({node, view, amount});
    }
  }
  return corrections;
}

}  // namespace heapcrest
