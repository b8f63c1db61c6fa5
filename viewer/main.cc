// The heapcrest command: which subcommand, and its exit status. What each does: viewer/command/.
#include <string>
#include <vector>

#include "CLI/App.hpp"
#include "CLI/Config.hpp"
#include "CLI/Formatter.hpp"
#include "absl/strings/str_cat.h"
#include "viewer/command/crash_handler.h"
#include "viewer/command/exit_status.h"
#include "viewer/command/export_command.h"
#include "viewer/command/help.h"
#include "viewer/command/report_command.h"
#include "viewer/command/run_command.h"
#include "viewer/command/standard_streams.h"
#include "viewer/command/summary_command.h"

namespace heapcrest {
namespace {

// How many arguments are for us to parse; the others are the program and its own.
size_t SplitOffProgram(const CLI::App& run_command, const std::vector<std::string>& arguments,
                       RunOptions* run) {
  if (arguments.empty() || arguments[0] != run_command.get_name()) return arguments.size();
  const size_t ours = 1 + CountOwnArguments(run_command, {arguments.begin() + 1, arguments.end()});
  size_t program = ours;
  if (program < arguments.size() && arguments[program] == "--") ++program;
  run->command.assign(arguments.begin() + static_cast<ptrdiff_t>(program), arguments.end());
  return ours;
}

int Main(int argc, char** argv) {
  CLI::App app("Shows which call stacks hold a program's memory at its peak.", "heapcrest");
  app.set_version_flag("--version", "heapcrest " HEAPCREST_VERSION);
  app.require_subcommand(1);
  app.failure_message([](const CLI::App* at, const CLI::Error& error) {
    const std::vector<CLI::App*> commands = at->get_subcommands();  // those on the command line
    const std::string command = commands.empty() ? "" : commands.front()->get_name() + " ";
    return absl::StrCat("heapcrest: ", Printable(error.what()), ". Try: heapcrest ", command,
                        "--help\n");
  });
  app.footer(
      "Start with:  heapcrest run ./program\n"
      "\n"
      "Exit status: 0 done, 2 bad usage or input; `run` exits as its program does.\n"
      "`heapcrest COMMAND --help` says more.");
  RunOptions run;
  ReportCommandOptions report;
  SummaryOptions summary;
  ExportOptions exported;
  const CLI::App* run_command = AddRunCommand(&app, &run);
  const CLI::App* report_command = AddReportCommand(&app, &report);
  const CLI::App* summary_command = AddSummaryCommand(&app, &summary);
  AddExportCommand(&app, &exported);
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  const std::string complaint = ComplaintOfStart(app, arguments);
  if (!complaint.empty()) {
    Complain(complaint);
    return kBadInput;
  }
  const size_t ours = SplitOffProgram(*run_command, arguments, &run);
  try {
    app.parse(static_cast<int>(ours) + 1, argv);
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
