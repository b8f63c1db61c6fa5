#include "viewer/summary.h"

#include <string.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "viewer/address_names.h"
#include "viewer/command_line.h"
#include "viewer/credit.h"
#include "viewer/object_types.h"
#include "viewer/standard_library.h"
#include "viewer/units.h"
#include "viewer/weight.h"

namespace heapcrest {
namespace {

// In a second. A quotient, unlike a product with 1e-9, prints as few digits as it has.
constexpr double kNanoseconds = 1e9;

// A line with less than this part of the peak is not worth its callers and its age.
constexpr int64_t kHeavyShare = 10;

std::vector<std::string> WarningsOf(const Process& process) {
  std::vector<std::string> warnings;
  if (process.stop_errno != 0) {
    warnings.push_back(
        "recording stopped early: " + std::string(strerror(static_cast<int>(process.stop_errno))) +
        "; what came later is missing");
  }
  if (process.lost_records != 0) {
    warnings.push_back(FormatCount(static_cast<int64_t>(process.lost_records)) +
                       " records were lost: figures are too low");
  }
  return warnings;
}

// The last two parts say enough on a line; the whole path is in the JSON and on the page.
std::string_view ShortPath(std::string_view path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string_view::npos || slash == 0) return path;
  const size_t before = path.rfind('/', slash - 1);
  return before == std::string_view::npos ? path : path.substr(before + 1);
}

void FindCallers(const Recording& recording, const CallTree& tree, Summary* summary) {
  const CallerFinder finder(recording, tree);
  for (LineSummary& line : summary->lines) {
    if (!IsHeavy(line, *summary)) return;
    line.callers = finder.Of(line.frame);
  }
}

}  // namespace

std::string FunctionText(const Recording& recording, uint32_t frame) {
  if (frame == kNone) return "[frames left out of a deep stack]";
  const std::string_view name = recording.strings[recording.frames[frame].function];
  return name.empty() ? "[unknown]" : std::string(name);
}

std::string CallerText(const Recording& recording, const Caller& caller) {
  const std::string_view function = recording.strings[recording.frames[caller.frame].function];
  return std::string(WithoutParameters(WithoutReturnType(function)));
}

std::string PlaceText(const Recording& recording, uint32_t id) {
  if (id == kNone) return "";
  const Frame& frame = recording.frames[id];
  if (frame.file == 0) {
    const std::string_view module = recording.strings[frame.module];
    if (IsAddressName(recording.strings[frame.function], module)) return "";
    return ModuleName(module);
  }
  const std::string file(ShortPath(recording.strings[frame.file]));
  return frame.line == 0 ? file : file + ":" + std::to_string(frame.line);
}

bool IsHeavy(const LineSummary& line, const Summary& summary) {
  const int64_t peak = summary.main_process().amounts[0].bytes;
  return line.self.bytes > 0 && line.self.bytes >= peak / kHeavyShare;
}

Amount RestBehind(const Summary& summary, size_t top) {
  Amount rest = summary.main_process().amounts[0];
  for (size_t i = 0; i < std::min(top, summary.lines.size()); ++i) {
    const Amount& shown = summary.lines[i].self;
    rest.bytes -= shown.bytes;
    rest.count_q16 -= shown.count_q16;
    rest.samples -= shown.samples;
    rest.scaled_bytes -= shown.scaled_bytes;
    rest.overhead -= shown.overhead;
    rest.variance_bytes2 = std::max(0.0, rest.variance_bytes2 - shown.variance_bytes2);
    rest.object_variance_bytes2 =
        std::max(0.0, rest.object_variance_bytes2 - shown.object_variance_bytes2);
  }
  return rest;
}

std::string ErrorText(const Amount& part, const ProcessSummary& process) {
  const int64_t error = std::llround(HalfWidth95(part, process.precision[0]));
  if (error > 0) return "±" + FormatBytes(error);
  return process.interval_bytes <= 1 ? "exact" : "≈ exact";
}

std::string ExitText(const Exit& exit) {
  switch (exit.kind) {
    case Exit::Kind::kExited:
      return "exit status " + std::to_string(exit.code);
    case Exit::Kind::kSignaled: {
      const char* name = sigabbrev_np(exit.code);
      return "killed by " +
             (name ? "SIG" + std::string(name) : "signal " + std::to_string(exit.code)) +
             (exit.out_of_memory ? " (out of memory)" : "");
    }
    case Exit::Kind::kStillRunning:
      return "still running";
    case Exit::Kind::kExeced:
      return "replaced by another program (exec)";
    case Exit::Kind::kUnknown:
      break;
  }
  return "unknown";
}

std::string SamplingText(const ProcessSummary& process) {
  if (process.interval_bytes <= 1) return "every allocation, exactly";
  const std::string finest = FormatBytes(static_cast<int64_t>(process.finest_interval_bytes));
  const std::string last = FormatBytes(static_cast<int64_t>(process.last_interval_bytes));
  return FormatCount(static_cast<int64_t>(process.samples)) +
         (process.samples == 1 ? " sample" : " samples") + ", one for every " + finest +
         " allocated " + (finest == last ? "on average" : "at first, every " + last + " later");
}

ProcessSummary SummarizeProcess(const Recording& recording, uint32_t index, const Peak& peak) {
  const Process& process = recording.processes[index];
  const auto since_first =
      static_cast<int64_t>(process.start_monotonic_ns - recording.processes[0].start_monotonic_ns);
  ProcessSummary summary;
  summary.process = index;
  summary.pid = process.pid;
  summary.parent_pid = process.parent_pid;
  summary.command = CommandLine(process);
  summary.interval_bytes = process.interval_bytes;
  summary.samples = process.samples.size();
  summary.finest_interval_bytes = summary.last_interval_bytes = process.interval_bytes;
  if (!process.samples.empty()) {
    summary.last_interval_bytes = IntervalOf(process.samples.back(), process);
    for (const Sample& sample : process.samples) {
      summary.finest_interval_bytes =
          std::min(summary.finest_interval_bytes, IntervalOf(sample, process));
    }
  }
  summary.amounts = peak.total;
  summary.precision = peak.precision;
  summary.peak_seconds = SecondsOf(peak.moment.time_ns);
  summary.duration_seconds = static_cast<double>(process.duration_ns) / kNanoseconds;
  summary.start_seconds = static_cast<double>(since_first) / kNanoseconds;
  summary.resident = Reconcile(process, peak);
  summary.exit = ExitText(process.exit);
  summary.warnings = WarningsOf(process);
  return summary;
}

std::vector<LineSummary> RankLines(const Recording& recording, const CallTree& tree) {
  // One node on the way to the present one.
  struct Step {
    uint32_t subtree_end;
    size_t line;
  };
  const std::vector<uint32_t> credited = CreditedNodes(recording, tree);
  std::vector<LineSummary> lines;
  absl::flat_hash_map<uint32_t, size_t> line_of;  // by frame
  std::vector<uint32_t> depths;                   // by line: how often it is on the path
  std::vector<Step> path;
  for (uint32_t i = 1; i < tree.nodes.size(); ++i) {
    const CallNode& node = tree.nodes[i];
    for (; !path.empty() && path.back().subtree_end <= i; path.pop_back()) {
      --depths[path.back().line];
    }
    // A type is a part of its line, and no line.
    if (credited[i] != i && IsTypeFrame(recording, node.frame)) {
      LineSummary& whole = lines[line_of[tree.nodes[credited[i]].frame]];
      whole.self += node.self[0];
      whole.end += node.self[1];
      whole.allocated += node.self[2];
      continue;
    }
    const size_t line = line_of.try_emplace(node.frame, lines.size()).first->second;
    if (line == lines.size()) {
      lines.emplace_back().frame = node.frame;
      depths.push_back(0);
    }
    LineSummary& credit = lines[line_of[tree.nodes[credited[i]].frame]];
    credit.self += node.self[0];
    credit.end += node.self[1];
    credit.allocated += node.self[2];
    if (depths[line]++ == 0) lines[line].total += node.total[0];
    path.push_back({node.subtree_end, line});
  }
  const auto rank = [&](const LineSummary& a, const LineSummary& b) {
    if (a.self.bytes != b.self.bytes) return a.self.bytes > b.self.bytes;
    if (a.total.bytes != b.total.bytes) return a.total.bytes > b.total.bytes;
    if (a.frame == kNone || b.frame == kNone) return a.frame < b.frame;
    return recording.frames[a.frame] < recording.frames[b.frame];
  };
  std::sort(lines.begin(), lines.end(), rank);
  return lines;
}

bool IsMoreImportant(const ProcessSummary& a, const ProcessSummary& b) {
  const int64_t bytes_a = a.amounts[0].bytes, bytes_b = b.amounts[0].bytes;
  return bytes_a != bytes_b ? bytes_a > bytes_b : a.pid < b.pid;
}

Summary Summarize(const Recording& recording, const Span& span) {
  Summary summary;
  summary.warnings = recording.warnings;
  Peak main_peak;
  for (uint32_t i = 0; i < recording.processes.size(); ++i) {
    Peak peak = FindPeak(recording.processes[i], span);
    summary.processes.push_back(SummarizeProcess(recording, i, peak));
    // That is of the moment with most in RAM, wherever it was.
    if (!span.is_whole()) summary.processes.back().resident.reset();
    if (i != 0 && !IsMoreImportant(summary.processes[i], summary.main_process())) continue;
    summary.main = i;
    main_peak = std::move(peak);
  }
  const Process& main = recording.processes[summary.main];
  const CallTree tree = BuildCallTree(recording, main, main_peak);
  summary.lines = RankLines(recording, tree);
  FindCallers(recording, tree, &summary);
  Explain(recording, main_peak, tree, &summary);
  return summary;
}

}  // namespace heapcrest
