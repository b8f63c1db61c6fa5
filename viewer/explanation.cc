#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "viewer/credit.h"
#include "viewer/summary.h"

namespace heapcrest {
namespace {

// By node of the tree, the line that its bytes are credited to.
std::vector<uint32_t> LinesOfNodes(const std::vector<LineSummary>& lines,
                                   const std::vector<uint32_t>& frame_of) {
  absl::flat_hash_map<uint32_t, uint32_t> line_of;
  for (uint32_t i = 0; i < lines.size(); ++i) line_of[lines[i].frame] = i;
  std::vector<uint32_t> numbers;
  numbers.reserve(frame_of.size());
  for (const uint32_t frame : frame_of)
    numbers.push_back(line_of.try_emplace(frame, kNone).first->second);
  numbers[0] = kNone;  // the root is no line
  return numbers;
}

}  // namespace

void Explain(const Recording& recording, const Peak& peak, const CallTree& tree, Summary* summary) {
  const Process& process = recording.processes[summary->main];
  std::vector<uint32_t> frame_of = CreditedNodes(recording, tree);
  for (uint32_t& node : frame_of) node = tree.nodes[node].frame;
  const std::vector<uint32_t> line_of = LinesOfNodes(summary->lines, frame_of);
  const size_t lines = summary->lines.size();
  const std::vector<Lifetimes> lifetimes = LifetimesOf(process, peak, tree, line_of, lines);
  std::vector<std::vector<TypeHeld>> types = TypesOfLines(recording, tree, line_of, lines);
  summary->lifetimes = lifetimes.back();
  summary->types = std::move(types.back());
  for (size_t i = 0; i < lines; ++i) {
    summary->lines[i].lifetimes = lifetimes[i];
    summary->lines[i].types = std::move(types[i]);
  }
  summary->growth = FindGrowth(recording, process, peak, tree, frame_of);
  summary->copies = FindCopies(process, peak, tree, frame_of);
  summary->imports = FindImports(recording, tree);
}

namespace {

// Of equal ones, in the order of the lines.
template <typename BytesOf>
std::vector<const LineSummary*> LinesWithMost(const Summary& summary, size_t top, BytesOf bytes) {
  std::vector<const LineSummary*> lines;
  for (const LineSummary& line : summary.lines) {
    if (bytes(line) > 0) lines.push_back(&line);
  }
  std::stable_sort(lines.begin(), lines.end(), [&](const LineSummary* a, const LineSummary* b) {
    return bytes(*a) > bytes(*b);
  });
  lines.resize(std::min(lines.size(), top));
  return lines;
}

}  // namespace

std::vector<const LineSummary*> MostTemporary(const Summary& summary, size_t top) {
  return LinesWithMost(summary, top,
                       [](const LineSummary& line) { return line.lifetimes.temporary.bytes; });
}

std::vector<const LineSummary*> MostLeft(const Summary& summary, size_t top) {
  return LinesWithMost(summary, top, [](const LineSummary& line) { return line.end.bytes; });
}

}  // namespace heapcrest
