#include "viewer/credit.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "viewer/object_types.h"
#include "viewer/standard_library.h"

namespace heapcrest {

LibraryLines::LibraryLines(const Recording& recording)
    : recording_(recording), interpreters_(recording) {}

LibraryLines::Rank LibraryLines::RankOf(uint32_t frame) const {
  if (frame == kNone) return kNobodys;
  const Frame& f = recording_.frames[frame];
  if (IsTypeFrame(recording_, frame)) return kType;
  if (interpreters_.IsStart(f)) return kBehindPython;
  if (IsStandardLibraryFrame(recording_.strings[f.function], recording_.strings[f.file],
                             recording_.strings[f.module])) {
    return kStandard;
  }
  return interpreters_.IsBehindPython(f) ? kBehindPython : kNobodys;
}

std::vector<uint32_t> CreditedNodes(const Recording& recording, const CallTree& tree) {
  const LibraryLines library(recording);
  absl::flat_hash_map<uint32_t, LibraryLines::Rank> ranks;  // by frame
  std::vector<uint32_t> credited(tree.nodes.size(), 0);
  std::vector<LibraryLines::Rank> best(tree.nodes.size(), LibraryLines::kType);
  for (uint32_t i = 1; i < tree.nodes.size(); ++i) {
    const auto [entry, is_new] = ranks.try_emplace(tree.nodes[i].frame);
    if (is_new) entry->second = library.RankOf(tree.nodes[i].frame);
    const uint32_t parent = tree.nodes[i].parent;
    credited[i] = entry->second < best[parent] ? credited[parent] : i;
    best[i] = std::max(entry->second, best[parent]);
  }
  return credited;
}

}  // namespace heapcrest
