#include "viewer/line_types.h"

#include <algorithm>

#include "viewer/object_types.h"

namespace heapcrest {
namespace {

// A line has few types: no map is needed.
void Add(uint32_t frame, const Amount& amount, std::vector<TypeHeld>* types) {
  auto found = std::find_if(types->begin(), types->end(),
                            [frame](const TypeHeld& type) { return type.frame == frame; });
  if (found == types->end()) found = types->insert(found, {frame, {}});
  found->held += amount;
}

void Sort(const Recording& recording, std::vector<TypeHeld>* types) {
  std::sort(types->begin(), types->end(), [&](const TypeHeld& a, const TypeHeld& b) {
    if (a.held.bytes != b.held.bytes) return a.held.bytes > b.held.bytes;
    return recording.frames[a.frame] < recording.frames[b.frame];
  });
}

}  // namespace

std::vector<std::vector<TypeHeld>> TypesOfLines(const Recording& recording, const CallTree& tree,
                                                const std::vector<uint32_t>& line_of,
                                                size_t lines) {
  std::vector<std::vector<TypeHeld>> types(lines + 1);
  for (uint32_t i = 1; i < tree.nodes.size(); ++i) {
    const CallNode& node = tree.nodes[i];
    if (node.self[0].bytes == 0 || !IsTypeFrame(recording, node.frame)) continue;
    if (line_of[i] != kNone) Add(node.frame, node.self[0], &types[line_of[i]]);
    Add(node.frame, node.self[0], &types[lines]);
  }
  for (auto& of_line : types) Sort(recording, &of_line);
  return types;
}

}  // namespace heapcrest
