#include "viewer/report/static_flamegraph.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <vector>

#include "absl/strings/str_format.h"
#include "viewer/report/text.h"
#include "viewer/units.h"

namespace heapcrest {
namespace {

constexpr double kWidth = 1200;
constexpr int kRowHeight = 19;
constexpr double kCharWidth = 6.7;  // monospace at 11 px
constexpr double kMinRestWidth = 1;
constexpr size_t kMaxFrames = 280;  // the rest of the boxes stand for what is left out
constexpr size_t kMaxTitleBytes = 400;
// As the page's own colours in the light theme (viewer/page/theme.js), module by module.
constexpr const char* kColors[] = {"#f4c58a", "#a9d2ee", "#a5d9bf", "#dcc3ea",
                                   "#f0b4a8", "#e6df9a", "#b9c6ee", "#d8d6d0"};
constexpr const char* kRestColor = "#d3d6da";

struct Box {
  uint32_t node;
  double x, width;
  uint32_t hidden_frames;  // > 0: stands for so many frames under `node`
  int64_t bytes;
};

int64_t BytesAt(const CallTree& tree, uint32_t node) { return tree.nodes[node].total[0].bytes; }

// The heaviest frames. Parents are no lighter than children and stand before them, so the choice
// is a tree, and every elder sibling is in it.
std::vector<uint32_t> Heaviest(const CallTree& tree) {
  std::vector<uint32_t> nodes;
  for (uint32_t i = 0; i < tree.nodes.size(); ++i) {
    if (BytesAt(tree, i) > 0) nodes.push_back(i);
  }
  const auto middle = nodes.begin() + static_cast<ptrdiff_t>(std::min(nodes.size(), kMaxFrames));
  std::partial_sort(nodes.begin(), middle, nodes.end(), [&](uint32_t a, uint32_t b) {
    return std::pair(-BytesAt(tree, a), a) < std::pair(-BytesAt(tree, b), b);
  });
  nodes.erase(middle, nodes.end());
  std::sort(nodes.begin(), nodes.end());
  return nodes;
}

uint32_t FramesLeft(const CallTree& tree, uint32_t from, uint32_t to) {
  uint32_t frames = 0;
  for (uint32_t i = from; i < to; ++i) frames += BytesAt(tree, i) > 0;
  return frames;
}

std::vector<Box> PlaceBoxes(const CallTree& tree) {
  const std::vector<uint32_t> chosen = Heaviest(tree);
  const double scale = kWidth / static_cast<double>(std::max<int64_t>(1, BytesAt(tree, 0)));
  std::map<uint32_t, double> next_x;      // where the next child of a node starts
  std::map<uint32_t, uint32_t> drawn_to;  // the first node under it that is not drawn
  std::vector<Box> boxes;
  for (const uint32_t node : chosen) {
    const double width = static_cast<double>(BytesAt(tree, node)) * scale;
    const uint32_t parent = tree.nodes[node].parent;
    const double x = node == 0 ? 0 : next_x[parent];
    if (node != 0) next_x[parent] += width;
    if (node != 0) drawn_to[parent] = tree.nodes[node].subtree_end;
    next_x[node] = x;
    drawn_to[node] = node + 1;
    boxes.push_back({node, x, width, 0, BytesAt(tree, node)});
  }
  for (size_t i = 0, count = boxes.size(); i < count && boxes.size() < kMaxStaticBoxes; ++i) {
    const Box box = boxes[i];
    const CallNode& node = tree.nodes[box.node];
    const double self = static_cast<double>(node.self[0].bytes) * scale;
    const double width = box.x + box.width - self - next_x[box.node];
    if (width < kMinRestWidth) continue;
    boxes.push_back({box.node, next_x[box.node], width,
                     FramesLeft(tree, drawn_to[box.node], node.subtree_end),
                     std::llround(width / scale)});
  }
  return boxes;
}

// A module's colour: the heaviest have one each.
std::map<uint32_t, const char*> ColorsOf(const Recording& recording, const CallTree& tree) {
  std::map<uint32_t, int64_t> self;
  for (const CallNode& node : tree.nodes) {
    if (node.frame != kNone) self[recording.frames[node.frame].module] += node.self[0].bytes;
  }
  std::vector<std::pair<int64_t, uint32_t>> ranked;
  ranked.reserve(self.size());
  for (const auto& [module, bytes] : self) ranked.emplace_back(-bytes, module);
  std::sort(ranked.begin(), ranked.end());
  std::map<uint32_t, const char*> colors;
  for (size_t i = 0; i < ranked.size(); ++i) {
    colors[ranked[i].second] = kColors[std::min(i, std::size(kColors) - 1)];
  }
  return colors;
}

std::string NameOf(const Recording& recording, const CallTree& tree, const Box& box) {
  if (box.hidden_frames > 0) {
    return absl::StrFormat("(%s frames, %s)", FormatCount(box.hidden_frames),
                           FormatBytes(box.bytes));
  }
  const CallNode& node = tree.nodes[box.node];
  if (box.node == 0) return "all";
  if (node.frame == kNone) {
    return absl::StrFormat("(%s frames left out)", FormatCount(static_cast<int64_t>(node.omitted)));
  }
  return CleanText(recording.strings[recording.frames[node.frame].function]);
}

// Escaped, but for the ends of its lines.
std::string TitleOf(const Recording& recording, const CallTree& tree, const Box& box) {
  const CallNode& node = tree.nodes[box.node];
  std::string title = EscapeHtml(CleanText(NameOf(recording, tree, box), kMaxTitleBytes));
  if (box.hidden_frames == 0 && node.frame != kNone) {
    const Frame& frame = recording.frames[node.frame];
    const std::string_view file = recording.strings[frame.file];
    if (!file.empty()) title += "\n" + EscapeHtml(CleanText(file, kMaxTitleBytes));
    if (!file.empty() && frame.line > 0) title += ":" + std::to_string(frame.line);
  }
  if (box.hidden_frames > 0) return title;
  return title + "\n" + FormatBytes(box.bytes) + " (" +
         FormatPercent(Share(box.bytes, BytesAt(tree, 0))) + "), " +
         FormatBytes(node.self[0].bytes) + " of it itself, " + FormatCount(node.total[0].count()) +
         (node.total[0].count() == 1 ? " allocation" : " allocations");
}

std::string Label(const std::string& name, double width) {
  const auto room = static_cast<size_t>(std::max(0.0, (width - 6) / kCharWidth));
  if (room < 3) return "";
  std::string text = ShortFunction(name);
  if (text.size() <= room) return text;
  const size_t qualifier = text.rfind("::");
  const std::string last = qualifier == std::string::npos ? text : text.substr(qualifier + 2);
  return last.size() <= room ? last : CleanText(last.substr(0, room - 1)) + "…";
}

}  // namespace

std::string ShortFunction(std::string_view function) {
  std::string out;
  int depth = 0;
  const bool has_operator = function.find("operator") != std::string_view::npos;
  for (size_t i = 0; i < function.size() && !has_operator; ++i) {
    const char c = function[i];
    const bool is_anonymous = function.substr(i).starts_with("(anonymous namespace)");
    const bool opens = (c == '<' && i > 0 && function[i - 1] != '.') || (c == '(' && !is_anonymous);
    if (c == '(' && depth == 0 && !is_anonymous && i > 0) break;
    depth += opens ? 1 : 0;
    if (depth == 0) out += c;
    if (depth > 0 && (c == '>' || c == ')') && function[i - 1] != '-') --depth;
  }
  return out.empty() ? std::string(function) : out;
}

std::string StaticFlamegraph(const Recording& recording, const CallTree& tree) {
  if (BytesAt(tree, 0) <= 0) return "";
  const std::vector<Box> boxes = PlaceBoxes(tree);
  const std::map<uint32_t, const char*> colors = ColorsOf(recording, tree);
  uint32_t rows = 1;
  std::string shapes;
  for (const Box& box : boxes) {
    const CallNode& node = tree.nodes[box.node];
    const uint32_t row = node.depth + (box.hidden_frames > 0 ? 1 : 0);
    rows = std::max(rows, row + 1);
    const bool is_plain = box.hidden_frames > 0 || node.frame == kNone;
    const char* color = is_plain ? kRestColor : colors.at(recording.frames[node.frame].module);
    const std::string name = NameOf(recording, tree, box);
    absl::StrAppendFormat(
        &shapes,
        "<g><title>%s</title><rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" "
        "fill=\"%s\"/>",
        TitleOf(recording, tree, box), box.x, row * kRowHeight, std::max(0.5, box.width - 0.7),
        kRowHeight - 1, color);
    const std::string label = Label(name, box.width);
    if (!label.empty()) {
      absl::StrAppendFormat(&shapes, "<text x=\"%.1f\" y=\"%d\">%s</text>", box.x + 3,
                            row * kRowHeight + 13, EscapeHtml(label));
    }
    shapes += "</g>\n";
  }
  return absl::StrFormat(
             "<svg width=\"100%%\" viewBox=\"0 0 %.0f %d\" role=\"img\" "
             "aria-label=\"Flamegraph of the peak\" font-family=\"monospace\" font-size=\"11\" "
             "fill=\"#1d2126\">\n",
             kWidth, rows * kRowHeight) +
         shapes + "</svg>\n";
}

}  // namespace heapcrest
