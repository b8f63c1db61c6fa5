#include "viewer/report/process_columns.h"

#include <algorithm>
#include <functional>
#include <string>
#include <utility>

#include "viewer/report/moment_scales.h"
#include "viewer/report/sample_groups.h"
#include "viewer/report/text.h"
#include "viewer/report/timeline.h"

namespace heapcrest {
namespace {

// With more groups than this a page would outgrow its budget: time is then cut more coarsely.
constexpr size_t kFreeGroups = 100'000;
constexpr size_t kGroupsPerNode = 2;
constexpr size_t kMaxThreadNameBytes = 200;
constexpr int64_t kResidentUnit = 1024;
constexpr size_t kStrides[] = {1, 2, 5, 10, 30};

// The node that stands before each under the same parent, kNone for a first child.
std::vector<uint32_t> ElderSiblings(const CallTree& tree) {
  std::vector<uint32_t> elder(tree.nodes.size(), kNone);
  for (uint32_t i = 1; i < tree.nodes.size(); ++i) {
    const uint32_t next = tree.nodes[i].subtree_end;
    if (next < tree.nodes[tree.nodes[i].parent].subtree_end) elder[next] = i;
  }
  return elder;
}

void WriteFrames(const PageTree& page, const std::vector<uint32_t>& elder, const FrameTable& frames,
                 Packer* out) {
  const CallTree& tree = page.tree;
  // Contexts are frames of the page, shifted to make room for gaps and the root.
  std::vector<uint32_t> first_under(frames.size() + 2), next_behind(frames.size() + 2);
  std::vector<int64_t> codes, omitted;  // omitted: by node without a frame
  const auto context_of = [&](uint32_t node) -> uint32_t {
    const CallNode& n = tree.nodes[node];
    if (n.frame != kNone) return frames[n.frame] + 2;
    return node == 0 ? 1 : 0;
  };
  for (uint32_t i = 1; i < tree.nodes.size(); ++i) {
    const CallNode& node = tree.nodes[i];
    if (node.frame == kNone) {
      codes.push_back(0);
      omitted.push_back(page.folded[i] > 0 ? 2 * int64_t{page.folded[i]} + 1
                                           : 2 * static_cast<int64_t>(node.omitted));
      continue;
    }
    const bool is_first = elder[i] == kNone;
    uint32_t& expected =
        (is_first ? first_under : next_behind)[context_of(is_first ? node.parent : elder[i])];
    const uint32_t frame = frames[node.frame];
    // Tables start at 0, so frame 0 may be "expected" before it was ever met: harmless, both
    // sides agree.
    codes.push_back(frame == expected ? 1 : int64_t{frame} + 2);
    expected = frame;
  }
  out->Column(codes);
  out->Number(omitted.size());
  out->Column(omitted);
}

void WriteTree(const PageTree& page, const std::vector<uint32_t>& modules, const FrameTable& frames,
               Packer* out) {
  const CallTree& tree = page.tree;
  out->Number(tree.nodes.size());
  out->Deltas(tree.nodes, [](const CallNode& node) { return node.depth; });
  WriteFrames(page, ElderSiblings(tree), frames, out);
  out->Number(modules.size());
  out->Column(modules, [&](uint32_t frame) { return frames[frame]; });
}

void WriteThreads(const std::vector<Thread>& threads, Packer* out) {
  std::vector<int64_t> lengths;  // with one more, or 0: named as the one before
  std::string names, last;
  for (const Thread& thread : threads) {
    std::string name = CleanText(thread.name, kMaxThreadNameBytes);
    const bool is_same = name == last;
    lengths.push_back(is_same ? 0 : static_cast<int64_t>(name.size()) + 1);
    if (!is_same) names += name;
    last = std::move(name);
  }
  out->Number(threads.size());
  out->Deltas(threads, [](const Thread& thread) { return thread.tid; });
  out->Column(lengths);
  out->Bytes(names);
}

void WriteMoments(const std::vector<PickedMoment>& moments, const Moment& peak, Packer* out) {
  const auto found = std::find_if(moments.begin(), moments.end(), [&](const PickedMoment& m) {
    return m.at.allocations == peak.allocations && m.at.frees == peak.frees;
  });
  const size_t place = static_cast<size_t>(found - moments.begin()) % moments.size();
  std::vector<uint64_t> times_ns;
  for (const PickedMoment& moment : moments) {
    const bool is_peak = times_ns.size() == place && found != moments.end();
    const uint64_t time_ns = is_peak ? peak.time_ns : moment.at.time_ns;  // a plateau has several
    times_ns.push_back(times_ns.empty() ? time_ns : std::max(times_ns.back(), time_ns));
  }
  out->Number(moments.size());
  out->Deltas(times_ns, std::identity());
  out->Number(place);
}

// Rounded as floats are: finer than any error bar, and half of their bytes deflate to nothing.
void WriteScales(const std::vector<Scale>& scales, const Scale& allocated, Packer* out) {
  std::vector<double> numbers;
  const auto add = [&](const Scale& scale) {
    const Regression& of = scale.regression;
    for (const double number : {of.blocks, of.bytes, of.overhead, scale.bytes, scale.counts,
                                scale.overhead, scale.objects, of.objects}) {
      numbers.push_back(static_cast<float>(number));
    }
  };
  for (const Scale& scale : scales) add(scale);
  add(allocated);
  out->Doubles(numbers, std::identity());
}

void WriteGroups(const std::vector<SampleGroup>& groups, size_t moment_count, Packer* out) {
  out->Number(groups.size());
  out->Deltas(groups, [](const SampleGroup& g) { return g.node; });
  out->Column(groups, [](const SampleGroup& g) { return g.weight; });
  out->Column(groups, [](const SampleGroup& g) { return g.born; });
  out->Column(groups, [&](const SampleGroup& g) {
    return g.died == moment_count ? 0 : g.died - std::min(g.born, g.died) + 1;
  });
  out->Column(groups, [](const SampleGroup& g) { return g.thread; });
  out->Column(groups, [](const SampleGroup& g) { return g.times; });
}

// Hostile numbers wrap around.
int64_t Exact(const Amount& amount) {
  return static_cast<int64_t>(static_cast<uint64_t>(amount.bytes) -
                              static_cast<uint64_t>(amount.scaled_bytes));
}

// Those of one view.
void WriteCorrections(std::vector<Correction> corrections, uint32_t view, Packer* out) {
  std::erase_if(corrections, [view](const Correction& c) { return c.view != view; });
  out->Number(corrections.size());
  out->Deltas(corrections, [](const Correction& c) { return c.node; });
  out->Column(corrections, [](const Correction& c) { return c.amount.bytes; });
  out->Column(corrections, [](const Correction& c) { return c.amount.count_q16; });
  out->Column(corrections, [](const Correction& c) { return c.amount.samples; });
  out->Column(corrections, [](const Correction& c) { return c.amount.overhead; });
  out->Column(corrections, [](const Correction& c) { return Exact(c.amount); });
  out->Doubles(corrections, [](const Correction& c) { return c.amount.variance_bytes2; });
}

void WriteCurve(const Timeline& timeline, Packer* out) {
  out->Number(timeline.duration_ns);
  out->Number(timeline.cells.size());
  out->Deltas(timeline.cells, [](const TimeCell& cell) { return cell.lowest_bytes; });
  out->Column(timeline.cells,
              [](const TimeCell& cell) { return cell.highest_bytes - cell.lowest_bytes; });
  out->Number(timeline.resident.size());
  out->Deltas(timeline.resident, [](int64_t bytes) { return bytes / kResidentUnit; });
  if (!timeline.resident.empty()) out->Number(timeline.most_resident.at.time_ns);
}

}  // namespace

void WriteProcess(const ProcessView& view, const FrameTable& frames, WeightTable* weights,
                  Packer* out) {
  const Timeline timeline = MakeTimeline(view.process, view.peak);
  const CallTree& tree = view.tree.tree;
  std::vector<PickedMoment> moments;
  std::vector<SampleGroup> groups;
  for (const size_t stride : kStrides) {
    moments = MomentsOf(timeline, stride);
    groups = GroupSamples(view.process, view.nodes, timeline, moments, weights);
    if (groups.size() <= std::max(kFreeGroups, kGroupsPerNode * tree.nodes.size())) break;
  }
  WriteTree(view.tree, view.modules, frames, out);
  WriteThreads(view.process.threads, out);
  WriteMoments(moments, view.peak.moment, out);
  WriteScales(ScalesAt(view.process, view.peak, moments, groups, *weights),
              view.peak.allocated_scale, out);
  WriteGroups(groups, moments.size(), out);
  const auto corrections = CorrectionsFor(view.process, tree, view.nodes, view.peak, timeline);
  for (uint32_t v = 0; v < kViewCount; ++v) WriteCorrections(corrections, v, out);
  WriteCurve(timeline, out);
}

}  // namespace heapcrest
