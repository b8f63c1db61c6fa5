#include "viewer/command/report_command.h"

#include <cstdio>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "viewer/command/exit_status.h"
#include "viewer/command/gather.h"
#include "viewer/command/help.h"
#include "viewer/interpreter_frames.h"
#include "viewer/output_file.h"
#include "viewer/path_prefix.h"
#include "viewer/reader.h"
#include "viewer/source_text.h"

namespace heapcrest {

CLI::App* AddReportCommand(CLI::App* app, ReportCommandOptions* options) {
  CLI::App* report = app->add_subcommand("report", "Write a profile as one HTML page");
  SetUsage(report,
           "report PROFILE [-o FILE.html] [--page-size MB] [--no-source] [--strip-prefix DIR]");
  report
      ->add_option("PROFILE", options->input,
                   "A .heapcrest file, or the captures of a run that goes on or was cut short")
      ->type_name("")
      ->required();
  report
      ->add_option("-o,--output", options->output,
                   "The page to write (default: PROFILE with .html)")
      ->type_name("FILE");
  report->add_flag("--no-source", options->no_source, "Leave out the text of source lines");
  report->add_option("--strip-prefix", options->strip_prefix, "Show paths inside DIR without it")
      ->type_name("DIR");
  report
      ->add_option("--page-size", options->page_megabytes,
                   "Megabytes that the page may take; what holds least is folded into boxes that "
                   "count it")
      ->type_name("MB")
      ->check(WholeNumber(1, kMaxPageMegabytes))
      ->capture_default_str();
  report->add_flag("--native", options->native,
                   "Show the C frames of a Python interpreter at work too");
  report->footer("Exit status: 0 done, 2 bad usage or input.");
  return report;
}

absl::Status WriteReport(const Recording& recording, const std::string& path,
                         ReportOptions options) {
  options.version = HEAPCREST_VERSION;
  const std::string page = RenderReport(recording, options);
  return WriteWhole(path, page, OutputKind::kReport);
}

std::string ReportPathFor(const std::string& input) {
  absl::string_view stem = input;
  while (stem.size() > 1 && absl::ConsumeSuffix(&stem, "/")) {
  }
  for (const char* suffix : {".heapcrest", ".captures", ".capture"}) {
    if (absl::ConsumeSuffix(&stem, suffix)) break;
  }
  return absl::StrCat(stem, ".html");
}

int Report(const ReportCommandOptions& options) {
  const std::string output = options.output.empty() ? ReportPathFor(options.input) : options.output;
  if (absl::Status status = CheckWritable(output, OutputKind::kReport); !status.ok()) {
    Complain(status);
    return kBadInput;
  }
  absl::StatusOr<Recording> recording = ReadRecording(options.input);
  if (!recording.ok()) {
    Complain(recording.status());
    return kBadInput;
  }
  for (const std::string& warning : recording->warnings) Complain("warning: " + warning);
  const bool is_capture = CompleteCaptures(&*recording);
  if (is_capture && !options.no_source) ReadSource(&*recording);
  if (options.no_source) recording->source.clear();
  StripPathPrefix(options.strip_prefix, &*recording);
  ArrangeInterpreters(&*recording, !options.native);
  const ReportOptions page = {.page_megabytes = options.page_megabytes};
  if (absl::Status status = WriteReport(*recording, output, page); !status.ok()) {
    Complain(status);
    return kBadInput;
  }
  fprintf(stderr, "Report:    %s\n", Printable(output).c_str());
  return kDone;
}

}  // namespace heapcrest
