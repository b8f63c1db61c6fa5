#include "viewer/credit.h"

#include "absl/container/flat_hash_map.h"
#include "viewer/object_types.h"
#include "viewer/standard_library.h"

namespace heapcrest {

LibraryLines::LibraryLines(const Recording& recording)
    : recording_(recording), interpreters_(recording) {}

bool LibraryLines::Hold(uint32_t frame) const {
  if (frame == kNone) return false;
  const Frame& f = recording_.frames[frame];
  if (interpreters_.IsBehindPython(f)) return true;
  return IsStandardLibraryFrame(recording_.strings[f.function], recording_.strings[f.file],
                                recording_.strings[f.module]);
}

std::vector<uint32_t> CreditedNodes(const Recording& recording, const CallTree& tree) {
  const LibraryLines library(recording);
  absl::flat_hash_map<uint32_t, bool> is_library;  // by frame
  const auto is_library_node = [&](uint32_t node) {
    const uint32_t frame = tree.nodes[node].frame;
    const auto [entry, is_new] = is_library.try_emplace(frame, false);
    if (is_new) entry->second = library.Hold(frame);
    return entry->second;
  };
  std::vector<uint32_t> credited(tree.nodes.size(), 0);
  for (uint32_t i = 1; i < tree.nodes.size(); ++i) {
    const uint32_t parent = tree.nodes[i].parent;
    if (parent != 0 && IsTypeFrame(recording, tree.nodes[i].frame)) {
      credited[i] = credited[parent];
      continue;
    }
    const uint32_t above = parent == 0 ? 0 : credited[parent];
    const bool passes_on = is_library_node(i) && above != 0 && !is_library_node(above);
    credited[i] = passes_on ? above : i;
  }
  return credited;
}

}  // namespace heapcrest
