#include "viewer/callers.h"

#include <string_view>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "viewer/address_names.h"
#include "viewer/allocator_frames.h"
#include "viewer/credit.h"

namespace heapcrest {
namespace {

constexpr size_t kMostCallers = 4;
constexpr size_t kMostSteps = 64;  // outwards, from one to the next

// All of a program comes from there: that says nothing of a line that it does not call itself.
bool IsStart(std::string_view function) { return function == "main" || function == "<module>"; }

}  // namespace

std::string_view CalledBy(const std::vector<Caller>& callers, int64_t whole) {
  const bool is_all = callers.empty() || callers.back().bytes >= whole - whole / 20;
  return is_all ? "called by " : "mostly called by ";
}

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

CallerFinder::Function CallerFinder::FunctionOf(uint32_t node) const {
  const Frame& frame = recording_.frames[tree_.nodes[node].frame];
  return {frame.function, frame.module};
}

// 0: there is none, or frames were left out of the stack.
uint32_t CallerFinder::CallerOf(uint32_t node) const {
  const uint32_t caller = caller_[node];
  return tree_.nodes[caller].frame == kNone ? 0 : caller;
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
  absl::flat_hash_set<Function> named;
  while (callers.size() < kMostCallers) {
    const std::optional<Function> function = NearestWithMost(holders, whole, named);
    if (!function) break;
    named.insert(*function);
    const uint32_t node = MoveTo(*function, &holders);
    Caller caller = {tree_.nodes[node].frame, 0};
    for (const Holder& holder : holders) caller.bytes += holder.bytes;
    callers.push_back(caller);
  }
  return callers;
}

// Of the functions with more than half of `whole` the one that is fewest steps outwards, on
// average.
std::optional<CallerFinder::Function> CallerFinder::NearestWithMost(
    const std::vector<Holder>& holders, int64_t whole,
    const absl::flat_hash_set<Function>& named) const {
  struct Reach {
    int64_t bytes = 0;
    double byte_steps = 0;
  };
  absl::flat_hash_map<Function, Reach> reached;
  for (const Holder& holder : holders) {
    absl::flat_hash_set<Function> seen = named;  // a recursion comes through again and again
    uint32_t node = CallerOf(holder.node);
    for (size_t step = 0; node != 0 && step < kMostSteps; ++step, node = CallerOf(node)) {
      const Function function = FunctionOf(node);
      if (!seen.insert(function).second) continue;
      Reach& reach = reached[function];
      reach.bytes += holder.bytes;
      reach.byte_steps += static_cast<double>(holder.bytes) * static_cast<double>(step);
    }
  }
  std::optional<std::pair<double, Function>> nearest;
  for (const auto& [function, reach] : reached) {
    if (reach.bytes <= whole - reach.bytes) continue;
    if (reach.byte_steps > 0 && IsStart(recording_.strings[function.first])) continue;
    const std::pair candidate(reach.byte_steps / static_cast<double>(reach.bytes), function);
    if (!nearest || candidate < *nearest) nearest = candidate;
  }
  if (!nearest) return std::nullopt;
  return nearest->second;
}

// Goes to the nearest call of the function, and keeps what it called. Returns a node of its
// heaviest line.
uint32_t CallerFinder::MoveTo(Function function, std::vector<Holder>* holders) const {
  for (Holder& holder : *holders) {
    uint32_t node = CallerOf(holder.node);
    for (size_t step = 1; node != 0 && FunctionOf(node) != function; ++step) {
      node = step < kMostSteps ? CallerOf(node) : 0;
    }
    holder.node = node;
  }
  std::erase_if(*holders, [](const Holder& holder) { return holder.node == 0; });
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
