#include "viewer/command/summary_command.h"

#include <cstdint>

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

namespace heapcrest {

CLI::App* AddSummaryCommand(CLI::App* app, SummaryOptions* options) {
  CLI::App* summary =
      app->add_subcommand("summary", "Print the peak and the lines that held most of it");
  SetUsage(summary, "summary PROFILE [--format text|json|markdown] [--top N]");
  summary
      ->add_option("PROFILE", options->input, "A .heapcrest file, or captures of a run cut short")
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
  if (!options.native) FoldInterpreters(&*recording);
  const Summary summary = Summarize(*recording);
  const auto render = options.format == "json"       ? SummaryJson
                      : options.format == "markdown" ? SummaryMarkdown
                                                     : SummaryText;
  const absl::Status status = WriteToStdout(render(*recording, summary, options.top));
  if (!status.ok()) Complain(status);
  return status.ok() ? kDone : kBadInput;
}

}  // namespace heapcrest
