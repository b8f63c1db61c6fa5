#include "viewer/report/process_columns.h"

#include <algorithm>
#include <string>
#include <utility>

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
  const auto context_of = [&](uint32_t node) -> uint32_t {
    const CallNode& n = tree.nodes[node];
    if (n.frame != kNone) return frames[n.frame] + 2;
    return node == 0 ? 1 : 0;
  };
  for (uint32_t i = 1; i < tree.nodes.size(); ++i) {
    const CallNode& node = tree.nodes[i];
    if (node.frame == kNone) {
      out->Number(0);
      out->Number(page.folded[i] > 0 ? 2 * uint64_t{page.folded[i]} + 1 : 2 * node.omitted);
      continue;
    }
    const bool is_first = elder[i] == kNone;
    uint32_t& expected =
        (is_first ? first_under : next_behind)[context_of(is_first ? node.parent : elder[i])];
    const uint32_t frame = frames[node.frame];
    // Tables start at 0, so frame 0 may be "expected" before it was ever met: harmless, both
    // sides agree.
    out->Number(frame == expected ? 1 : uint64_t{frame} + 2);
    expected = frame;
  }
}

void WriteTree(const PageTree& page, const FrameTable& frames, Packer* out) {
  const CallTree& tree = page.tree;
  out->Number(tree.nodes.size());
  for (uint32_t i = 1; i < tree.nodes.size(); ++i) {
    out->Number(tree.nodes[i - 1].depth + 1 - tree.nodes[i].depth);
  }
  WriteFrames(page, ElderSiblings(tree), frames, out);
}

void WriteThreads(const std::vector<Thread>& threads, Packer* out) {
  out->Number(threads.size());
  uint64_t last_tid = 0;
  std::string last_name;
  for (const Thread& thread : threads) {
    out->Signed(static_cast<int64_t>(thread.tid - last_tid));
    last_tid = thread.tid;
    std::string name = CleanText(thread.name, kMaxThreadNameBytes);
    const bool is_same = name == last_name;
    out->Number(is_same ? 0 : name.size() + 1);
    if (!is_same) out->Bytes(name);
    last_name = std::move(name);
  }
}

void WriteMoments(const std::vector<ScaledMoment>& moments, const Moment& peak, Packer* out) {
  out->Number(moments.size());
  uint64_t last = 0;
  for (const ScaledMoment& moment : moments) {
    out->Number(std::max(moment.at.time_ns, last) - last);
    last = std::max(moment.at.time_ns, last);
  }
  const auto found = std::find_if(moments.begin(), moments.end(), [&](const ScaledMoment& m) {
    return m.at.allocations == peak.allocations && m.at.frees == peak.frees;
  });
  out->Number(static_cast<uint64_t>(found - moments.begin()) % moments.size());
}

// In units of 2^-20: finer than any error bar.
void WriteScale(const Scale& scale, Packer* out) {
  constexpr double kOne = 1 << 20, kMost = 1e15;
  for (const double factor : {scale.bytes, scale.counts, scale.overhead}) {
    out->Number(static_cast<uint64_t>(std::clamp(factor * kOne, 0.0, kMost)));
  }
}

void WriteScales(const std::vector<ScaledMoment>& moments, const Scale& allocated, Packer* out) {
  for (const ScaledMoment& moment : moments) WriteScale(moment.scale, out);
  WriteScale(allocated, out);
}

void WriteGroups(const std::vector<SampleGroup>& groups, size_t moment_count, Packer* out) {
  out->Number(groups.size());
  uint32_t last = 0;
  for (const SampleGroup& g : groups) {
    out->Number(g.node - last);
    last = g.node;
  }
  for (const SampleGroup& g : groups) out->Number(g.weight);
  for (const SampleGroup& g : groups) out->Number(g.born);
  for (const SampleGroup& g : groups) {
    out->Number(g.died == moment_count ? 0 : g.died - std::min(g.born, g.died) + 1);
  }
  for (const SampleGroup& g : groups) out->Number(g.thread);
  for (const SampleGroup& g : groups) out->Number(g.times);
}

void WriteCorrections(const std::vector<Correction>& corrections, Packer* out) {
  out->Number(corrections.size());
  for (const Correction& c : corrections) {
    out->Number(c.node);
    out->Number(c.view);
    out->Signed(c.amount.bytes);
    out->Signed(c.amount.count_q16);
    out->Signed(c.amount.samples);
    out->Signed(c.amount.overhead);
    out->Double(c.amount.variance_bytes2);
  }
}

void WriteCurve(const Timeline& timeline, Packer* out) {
  out->Number(timeline.duration_ns);
  out->Number(timeline.cells.size());
  int64_t last = 0;
  for (const TimeCell& cell : timeline.cells) {
    out->Signed(cell.lowest_bytes - last);
    last = cell.lowest_bytes;
  }
  for (const TimeCell& cell : timeline.cells) {
    out->Number(static_cast<uint64_t>(cell.highest_bytes - cell.lowest_bytes));
  }
  out->Number(timeline.resident.size());
  last = 0;
  for (const int64_t bytes : timeline.resident) {
    out->Signed(bytes / kResidentUnit - last);
    last = bytes / kResidentUnit;
  }
  if (!timeline.resident.empty()) out->Number(timeline.most_resident.at.time_ns);
}

}  // namespace

void WriteProcess(const ProcessView& view, const FrameTable& frames, WeightTable* weights,
                  Packer* out) {
  const Timeline timeline = MakeTimeline(view.process, view.peak);
  const CallTree& tree = view.tree.tree;
  std::vector<ScaledMoment> moments;
  std::vector<SampleGroup> groups;
  for (const size_t stride : kStrides) {
    moments = MomentsOf(timeline, stride);
    groups = GroupSamples(view.process, view.nodes, timeline, moments, weights);
    if (groups.size() <= std::max(kFreeGroups, kGroupsPerNode * tree.nodes.size())) break;
  }
  WriteTree(view.tree, frames, out);
  WriteThreads(view.process.threads, out);
  WriteMoments(moments, view.peak.moment, out);
  WriteScales(moments, view.peak.allocated_scale, out);
  WriteGroups(groups, moments.size(), out);
  WriteCorrections(CorrectionsFor(view.process, tree, view.nodes, view.peak, timeline), out);
  WriteCurve(timeline, out);
}

}  // namespace heapcrest
