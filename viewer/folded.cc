#include "viewer/folded.h"

#include <algorithm>
#include <vector>

#include "viewer/printable.h"
#include "viewer/units.h"

namespace heapcrest {
namespace {

std::string NameOf(const Recording& recording, const CallNode& node) {
  if (node.frame == kNone) {
    return "[" + FormatCount(static_cast<int64_t>(node.omitted)) + " frames left out]";
  }
  std::string name = Printable(recording.strings[recording.frames[node.frame].function]);
  std::replace(name.begin(), name.end(), ';', ':');
  return name.empty() ? "[unknown]" : name;
}

}  // namespace

std::string FoldedStacks(const Recording& recording, const CallTree& tree, View view) {
  std::string folded, stack;
  std::vector<size_t> ends = {0};  // by depth: where that frame ends in `stack`
  for (size_t i = 0; i < tree.nodes.size(); ++i) {
    const CallNode& node = tree.nodes[i];
    if (i != 0) {
      ends.resize(node.depth);
      stack.resize(ends.back());
      if (node.depth > 1) stack += ';';
      stack += NameOf(recording, node);
      ends.push_back(stack.size());
    }
    const int64_t bytes = node.self[static_cast<size_t>(view)].bytes;
    if (bytes == 0) continue;
    folded += i == 0 ? "[no stack]" : stack;
    folded += ' ' + std::to_string(bytes) + '\n';
  }
  return folded;
}

}  // namespace heapcrest
