#include "viewer/command/export_command.h"

#include "viewer/call_tree.h"
#include "viewer/command/exit_status.h"
#include "viewer/command/gather.h"
#include "viewer/command/help.h"
#include "viewer/command/standard_streams.h"
#include "viewer/folded.h"
#include "viewer/interpreter_frames.h"
#include "viewer/output_file.h"
#include "viewer/peak.h"
#include "viewer/reader.h"
#include "viewer/summary.h"

namespace heapcrest {
namespace {

View ViewOf(const std::string& name) {
  return name == "end" ? View::kEnd : name == "allocated" ? View::kAllocated : View::kPeak;
}

// Of the process that summary and report show first.
std::string Render(const Recording& recording, View view) {
  const Process& process = recording.processes[Summarize(recording).main_process().process];
  const CallTree tree = BuildCallTree(recording, process, FindPeak(process));
  return FoldedStacks(recording, tree, view);
}

}  // namespace

CLI::App* AddExportCommand(CLI::App* app, ExportOptions* options) {
  CLI::App* command =
      app->add_subcommand("export", "Write a profile in the format of another tool");
  SetUsage(command, "export PROFILE --format folded [--view peak|end|allocated] [-o FILE]");
  command
      ->add_option("PROFILE", options->input,
                   "A .heapcrest file, or the captures of a run that goes on or was cut short")
      ->type_name("")
      ->required();
  command
      ->add_option("--format", options->format,
                   "folded: one line for each stack, for flamegraph.pl, inferno, speedscope")
      ->type_name("FORMAT")
      ->check(CLI::IsMember({"folded"}).description(""))
      ->required();
  command
      ->add_option("--view", options->view,
                   "Bytes live at the peak, live at the end, or allocated in total")
      ->type_name("peak|end|allocated")
      ->check(CLI::IsMember({"peak", "end", "allocated"}).description(""))
      ->capture_default_str();
  command->add_option("-o,--output", options->output, "The file to write (default: stdout)")
      ->type_name("FILE");
  command->add_flag("--native", options->native,
                    "Show the C frames of a Python interpreter at work too");
  command->footer("Exit status: 0 done, 2 bad usage or input.");
  return command;
}

int Export(const ExportOptions& options) {
  absl::Status status =
      options.output.empty() ? absl::OkStatus() : CheckWritable(options.output, OutputKind::kText);
  if (!status.ok()) {
    Complain(status);
    return kBadInput;
  }
  absl::StatusOr<Recording> recording = ReadRecording(options.input);
  if (!recording.ok()) {
    Complain(recording.status());
    return kBadInput;
  }
  for (const std::string& warning : recording->warnings) Complain("warning: " + warning);
  CompleteCaptures(&*recording);
  ArrangeInterpreters(&*recording, !options.native);
  const std::string text = Render(*recording, ViewOf(options.view));
  status = options.output.empty() ? WriteToStdout(text)
                                  : WriteWhole(options.output, text, OutputKind::kText);
  if (!status.ok()) Complain(status);
  return status.ok() ? kDone : kBadInput;
}

}  // namespace heapcrest
