#include "viewer/command/summary_command.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "viewer/command/exit_status.h"
#include "viewer/command/gather.h"
#include "viewer/command/help.h"
#include "viewer/command/standard_streams.h"
#include "viewer/interpreter_frames.h"
#include "viewer/reader.h"
#include "viewer/summary.h"
#include "viewer/summary_json.h"
#include "viewer/summary_markdown.h"
#include "viewer/summary_text.h"
#include "viewer/units.h"

namespace heapcrest {
namespace {

constexpr double kLatestSeconds = 9e9;  // in nanoseconds still a uint64_t
const std::string kWrongSpan = "must be two times in seconds, like 1.5-2.25";

// "1.5-2.25"
std::optional<Span> ParseSpan(const std::string& text) {
  const std::pair<absl::string_view, absl::string_view> times =
      absl::StrSplit(text, absl::MaxSplits('-', 1));
  double from = 0, to = 0;
  if (!absl::SimpleAtod(times.first, &from) || !absl::SimpleAtod(times.second, &to)) return {};
  if (!(from >= 0 && from <= to && to <= kLatestSeconds)) return {};
  return Span{static_cast<uint64_t>(from * 1e9), static_cast<uint64_t>(to * 1e9)};
}

// When the last process ended, from its own start; of one that goes on nobody knows.
uint64_t EndOf(const Recording& recording) {
  uint64_t end_ns = 0;
  for (const Process& process : recording.processes) {
    const bool goes_on =
        process.exit.kind == Exit::Kind::kUnknown || process.exit.kind == Exit::Kind::kStillRunning;
    end_ns = goes_on ? UINT64_MAX : std::max(end_ns, process.duration_ns);
  }
  return end_ns;
}

}  // namespace

CLI::App* AddSummaryCommand(CLI::App* app, SummaryOptions* options) {
  CLI::App* summary =
      app->add_subcommand("summary", "Print the peak and the lines that held most of it");
  SetUsage(summary, "summary PROFILE [--format text|json|markdown] [--top N] [--between FROM-TO]");
  summary
      ->add_option("PROFILE", options->input,
                   "A .heapcrest file, or the captures of a run that goes on or was cut short")
      ->type_name("")
      ->required();
  summary->add_option("--format", options->format, "text, json or markdown")
      ->type_name("FORMAT")
      ->check(CLI::IsMember({"text", "json", "markdown"}).description(""))
      ->capture_default_str();
  summary->add_option("--top", options->top, "How many lines to list")
      ->type_name("N")
      ->check(WholeNumber(0, UINT32_MAX))
      ->capture_default_str();
  summary
      ->add_option("--between", options->between,
                   "The peak between these two times, in seconds since the start of each process")
      ->type_name("FROM-TO")
      ->check([](const std::string& text) { return ParseSpan(text) ? "" : kWrongSpan; });
  summary->add_flag("--native", options->native,
                    "Show the C frames of a Python interpreter at work too");
  summary->footer("Exit status: 0 done, 2 bad usage or input.");
  return summary;
}

int ShowSummary(const SummaryOptions& options) {
  absl::StatusOr<Recording> recording = ReadRecording(options.input);
  if (!recording.ok()) {
    Complain(recording.status());
    return kBadInput;
  }
  CompleteCaptures(&*recording);
  ArrangeInterpreters(&*recording, !options.native);
  const Span span = ParseSpan(options.between).value_or(Span());
  if (const uint64_t end_ns = EndOf(*recording); span.from_ns > end_ns) {
    Complain(absl::InvalidArgumentError("--between " + options.between +
                                        ": no process ran for longer than " +
                                        FormatSeconds(static_cast<double>(end_ns) / 1e9)));
    return kBadInput;
  }
  const Summary summary = Summarize(*recording, span);
  const auto render = options.format == "json"       ? SummaryJson
                      : options.format == "markdown" ? SummaryMarkdown
                                                     : SummaryText;
  const absl::Status status = WriteToStdout(render(*recording, summary, options.top));
  if (!status.ok()) Complain(status);
  return status.ok() ? kDone : kBadInput;
}

}  // namespace heapcrest
