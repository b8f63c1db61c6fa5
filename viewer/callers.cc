#include "viewer/callers.h"

#include <string_view>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "viewer/address_names.h"
#include "viewer/allocator_frames.h"
#include "viewer/credit.h"

namespace heapcrest {
namespace {

constexpr size_t kMostCallers = 4;

}  // namespace

CallerFinder::CallerFinder(const Recording& recording, const CallTree& tree)
    : recording_(recording),
      library_(recording),
      tree_(tree),
      credited_(CreditedNodes(recording, tree)),
      caller_(tree.nodes.size(), 0) {
  FindCallers();
}

// Parents come before their children, so that each node is looked at once however deep it is.
void CallerFinder::FindCallers() {
  absl::flat_hash_map<uint32_t, bool> is_telling;        // by frame
  std::vector<uint32_t> telling(tree_.nodes.size(), 0);  // by node: the nearest, itself included
  for (uint32_t i = 1; i < tree_.nodes.size(); ++i) {
    const CallNode& node = tree_.nodes[i];
    const auto [entry, is_new] = is_telling.try_emplace(node.frame, false);
    if (is_new) entry->second = IsTelling(node.frame);
    const uint32_t above = telling[node.parent];
    telling[i] = entry->second ? i : above;
    caller_[i] = above != 0 && IsSameFunction(above, i) ? caller_[above] : above;
  }
}

bool CallerFinder::IsTelling(uint32_t frame) const {
  if (frame == kNone) return true;  // a gap ends the chain
  const Frame& f = recording_.frames[frame];
  const std::string_view function = recording_.strings[f.function];
  const std::string_view module = recording_.strings[f.module];
  return !function.empty() && !IsAddressName(function, module) && function != "_start" &&
         !IsAllocatorFrame(function, module) && !library_.Hold(frame);
}

bool CallerFinder::IsSameFunction(uint32_t a, uint32_t b) const {
  const uint32_t frame_a = tree_.nodes[a].frame, frame_b = tree_.nodes[b].frame;
  if (frame_a == kNone || frame_b == kNone) return false;
  const Frame &f = recording_.frames[frame_a], &g = recording_.frames[frame_b];
  return f.function == g.function && f.module == g.module;
}

std::vector<Caller> CallerFinder::Of(uint32_t frame) const {
  std::vector<Holder> holders;
  int64_t whole = 0;
  for (uint32_t i = 1; i < tree_.nodes.size(); ++i) {
    const int64_t bytes = tree_.nodes[i].self[0].bytes;
    if (bytes == 0 || tree_.nodes[credited_[i]].frame != frame) continue;
    holders.push_back({credited_[i], bytes});
    whole += bytes;
  }
  std::vector<Caller> callers;
  while (callers.size() < kMostCallers) {
    const uint32_t node = Step(&holders, whole);
    if (node == 0) break;
    Caller caller = {tree_.nodes[node].frame, 0};
    for (const Holder& holder : holders) caller.bytes += holder.bytes;
    callers.push_back(caller);
  }
  return callers;
}

// Goes to the callers and keeps those of the one function with more than half of `whole`. Returns a
// node of its heaviest line; 0: there is no such function.
uint32_t CallerFinder::Step(std::vector<Holder>* holders, int64_t whole) const {
  absl::flat_hash_map<std::pair<uint32_t, uint32_t>, int64_t> functions;  // name, module: bytes
  const auto key = [this](const Holder& holder) {
    const Frame& frame = recording_.frames[tree_.nodes[holder.node].frame];
    return std::pair(frame.function, frame.module);
  };
  for (Holder& holder : *holders) holder.node = caller_[holder.node];
  std::erase_if(*holders, [this](const Holder& h) { return tree_.nodes[h.node].frame == kNone; });
  for (const Holder& holder : *holders) functions[key(holder)] += holder.bytes;
  std::erase_if(*holders,
                [&](const Holder& h) { return functions[key(h)] <= whole - functions[key(h)]; });
  absl::flat_hash_map<uint32_t, int64_t> lines;  // by frame
  uint32_t heaviest = 0;
  for (const Holder& holder : *holders) {
    const uint32_t frame = tree_.nodes[holder.node].frame;
    lines[frame] += holder.bytes;
    // Nodes come heaviest first, the same in every reading: the first of equals is as good as any.
    if (heaviest == 0 || lines[frame] > lines[tree_.nodes[heaviest].frame]) heaviest = holder.node;
  }
  return heaviest;
}

}  // namespace heapcrest
