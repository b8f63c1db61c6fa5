// The heapcrest command: which subcommand, and its exit status. What each does: viewer/command/.
#include <exception>

#include "CLI/App.hpp"
#include "CLI/Config.hpp"
#include "CLI/Formatter.hpp"
#include "viewer/command/crash_handler.h"
#include "viewer/command/exit_status.h"
#include "viewer/command/export_command.h"
#include "viewer/command/report_command.h"
#include "viewer/command/run_command.h"
#include "viewer/command/standard_streams.h"
#include "viewer/command/summary_command.h"

namespace heapcrest {
namespace {

int Main(int argc, char** argv) {
  CLI::App app("Shows which call stacks hold a program's memory at its peak.", "heapcrest");
  app.set_version_flag("--version", "heapcrest " HEAPCREST_VERSION);
  app.require_subcommand(1);
  app.footer(
      "Start with:  heapcrest run ./program\n"
      "\n"
      "Exit status: 0 done, 1 a check failed, 2 bad usage or input; `run` exits as its program\n"
      "does. `heapcrest COMMAND --help` says more.");
  RunOptions run;
  ReportCommandOptions report;
  SummaryOptions summary;
  ExportOptions exported;
  const CLI::App* run_command = AddRunCommand(&app, &run);
  const CLI::App* report_command = AddReportCommand(&app, &report);
  const CLI::App* summary_command = AddSummaryCommand(&app, &summary);
  AddExportCommand(&app, &exported);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& asked) {  // --help, --version
    return app.exit(asked);
  } catch (const CLI::ParseError& error) {
    app.exit(error);
    return kBadInput;
  }
  if (run_command->parsed()) return Run(run);
  if (report_command->parsed()) return Report(report);
  if (summary_command->parsed()) return ShowSummary(summary);
  return Export(exported);
}

}  // namespace
}  // namespace heapcrest

int main(int argc, char** argv) {
  heapcrest::OccupyClosedStreams();
  heapcrest::InstallCrashHandler();
  return heapcrest::Main(argc, argv);
}
