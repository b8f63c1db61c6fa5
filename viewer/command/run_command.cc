#include "viewer/command/run_command.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "profiler/launch/child_process.h"
#include "profiler/launch/environment.h"
#include "profiler/launch/memory_watch.h"
#include "profiler/launch/preload_library.h"
#include "profiler/launch/target.h"
#include "viewer/command/captures_folder.h"
#include "viewer/command/exit_status.h"
#include "viewer/command/gather.h"
#include "viewer/command/help.h"
#include "viewer/command/report_command.h"
#include "viewer/interpreter_frames.h"
#include "viewer/output_file.h"
#include "viewer/path_prefix.h"
#include "viewer/profile_writer.h"
#include "viewer/reader.h"
#include "viewer/source_text.h"
#include "viewer/summary.h"
#include "viewer/summary_text.h"
#include "viewer/weight.h"

namespace heapcrest {
namespace {

constexpr size_t kTopLines = 10;

// Everything that is known and made before the program starts.
struct Preparation {
  Target target;
  std::string library;
  std::string base;
  std::string captures;  // absolute
  std::string profile() const { return base + ".heapcrest"; }
  std::string report() const { return base + ".html"; }
};

std::string DefaultBase(const std::string& program) {
  return absl::StrCat("heapcrest.", program.substr(program.rfind('/') + 1), ".", getpid());
}

absl::StatusOr<Preparation> Prepare(const RunOptions& options) {
  Preparation made;
  absl::StatusOr<Target> target = FindTarget(options.command[0], getenv("PATH"));
  if (!target.ok()) return target.status();
  made.target = *std::move(target);
  absl::StatusOr<std::string> library = FindPreloadLibrary();
  if (!library.ok()) return library.status();
  made.library = *std::move(library);
  made.base = options.base.empty() ? DefaultBase(options.command[0]) : options.base;
  std::error_code error;
  if (std::filesystem::is_directory(made.base, error) || made.base.ends_with('/')) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", made.base, "' is a folder. Say what the files in it shall be called: -o ",
                     absl::StripSuffix(made.base, "/"), "/NAME"));
  }
  absl::Status writable = CheckWritable(made.profile(), OutputKind::kProfile);
  if (writable.ok() && !options.no_report) {
    writable = CheckWritable(made.report(), OutputKind::kReport);
  }
  if (!writable.ok()) return writable;
  absl::StatusOr<std::string> captures = MakeCapturesFolder(made.base + ".captures");
  if (!captures.ok()) return captures.status();
  made.captures = *std::move(captures);
  return made;
}

ProgramStart StartOf(const RunOptions& options, const Preparation& made) {
  const ProfilerSettings settings = {made.library, made.captures, options.interval_bytes};
  return {made.target.path, options.command, ProfiledEnvironment(environ, settings)};
}

// A process that is not the one shown has its warnings said here.
void ComplainOfOthers(const Summary& summary) {
  for (const ProcessSummary& process : summary.processes) {
    if (&process == &summary.main_process()) continue;
    for (const std::string& warning : process.warnings) {
      Complain(absl::StrCat("process ", process.pid, ": ", warning));
    }
  }
}

void ShowSummary(const Recording& recording) {
  const Summary summary = Summarize(recording);
  fprintf(stderr, "\n%s\n", SummaryText(recording, summary, kTopLines).c_str());
  ComplainOfOthers(summary);
}

absl::Status WriteOutputs(const RunOptions& options, const Preparation& made,
                          const Recording& gathered) {
  if (absl::Status status = WriteProfile(gathered, made.profile()); !status.ok()) {
    ShowSummary(gathered);
    return status;
  }
  // Everything else is made from the profile as it was written: it then surely reads, before the
  // captures go, and says the same as `report` and `summary` will in any year.
  absl::StatusOr<Recording> recording = ReadRecording(made.profile());
  if (!recording.ok()) return recording.status();
  ArrangeInterpreters(&*recording, true);
  if (!options.no_report) {
    if (absl::Status status = WriteReport(*recording, made.report()); !status.ok()) {
      ShowSummary(*recording);
      return status;
    }
  }
  ShowSummary(*recording);
  fprintf(stderr, "Profile:   %s\n", Printable(made.profile()).c_str());
  if (!options.no_report) fprintf(stderr, "Report:    %s\n", Printable(made.report()).c_str());
  return absl::OkStatus();
}

bool RecordedNothing(const Recording& recording) {
  for (const Process& process : recording.processes) {
    if (!process.samples.empty()) return false;
  }
  return true;
}

// What is known of a program that ran.
struct FinishedRun {
  ProgramEnd end;
  std::map<pid_t, ResidentMemory> memory;
};

absl::Status GatherAndWrite(const RunOptions& options, const Preparation& made,
                            const FinishedRun& run) {
  if (absl::Status written = CheckWritten(made.captures); !written.ok()) {
    RemoveCapturesFolder(made.captures);
    return written;
  }
  absl::StatusOr<Recording> recording = Gather(
      made.captures, {options.command, made.target.executable, options.interval_bytes}, run.end);
  if (!recording.ok()) return recording.status();
  NoteMemory(run.memory, &*recording);
  if (made.target.defines_malloc && RecordedNothing(*recording)) {
    RemoveCapturesFolder(made.captures);
    return absl::FailedPreconditionError(absl::StrCat(
        "nothing was recorded: '", made.target.executable, "' has its own malloc linked in, which ",
        "no preloaded library can see. Link the allocator as a shared library instead."));
  }
  CompleteCaptures(&*recording);
  if (!options.no_source) ReadSource(&*recording);
  StripPathPrefix(options.strip_prefix, &*recording);
  return WriteOutputs(options, made, *recording);
}

// Returns what the shell gets if the program itself had no complaint.
int Finish(const RunOptions& options, const Preparation& made, const FinishedRun& run) {
  if (absl::Status status = GatherAndWrite(options, made, run); !status.ok()) {
    Complain(status);
    if (!HasCaptures(made.captures)) return kBadInput;
    Complain(absl::StrCat("what was recorded stays in ", made.captures, ": heapcrest report ",
                          made.captures));
    return kBadInput;
  }
  const std::vector<pid_t>& still_running = run.end.still_running;
  if (still_running.empty()) {
    RemoveCapturesFolder(made.captures);
    return kDone;
  }
  Complain(absl::StrCat("still running and recording: ", still_running.size(),
                        still_running.size() == 1 ? " process (pid " : " processes (first: pid ",
                        still_running[0], "). Later, all of it: heapcrest report ", made.captures));
  return kDone;
}

}  // namespace

CLI::App* AddRunCommand(CLI::App* app, RunOptions* options) {
  CLI::App* run = app->add_subcommand("run", "Run a program and profile its heap");
  SetUsage(run, "run [OPTIONS] [--] CMD [ARGS...]");
  run->add_option("-o,--output", options->base,
                  "Write BASE.heapcrest and BASE.html (default: heapcrest.NAME.PID, where PID is "
                  "that of heapcrest)")
      ->type_name("BASE");
  run->add_option("--interval", options->interval_bytes,
                  "Mean bytes between samples (finer at first); 1 records every allocation")
      ->type_name("BYTES")
      ->check(WholeNumber(1, kMaxInterval))
      ->capture_default_str();
  run->add_flag("--no-report", options->no_report, "Write no BASE.html");
  run->add_flag("--no-source", options->no_source,
                "Keep the text of source lines out of the profile and the report");
  run->add_option("--strip-prefix", options->strip_prefix, "Show paths inside DIR without it")
      ->type_name("DIR");
  run->footer(
      "Everything after CMD belongs to the program, which keeps stdin, stdout and stderr. Forked\n"
      "and executed processes are profiled too. The summary goes to stderr. While the program\n"
      "runs, its processes record into BASE.captures/; if heapcrest is killed, that folder stays\n"
      "and `heapcrest report BASE.captures` reads it.\n"
      "\n"
      "Exit status: that of CMD, 128+N if signal N ended it. 2 if CMD cannot be profiled (said\n"
      "before it starts), or if it ended with 0 but its profile could not be made.");
  return run;
}

size_t CountOwnArguments(const CLI::App& run, const std::vector<std::string>& arguments) {
  size_t i = 0;
  for (; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (argument.size() < 2 || argument[0] != '-' || argument == "--") break;
    const CLI::Option* option = run.get_option_no_throw(argument);  // null: unknown, or -oBASE
    if (option != nullptr && option->get_items_expected_min() > 0) ++i;
  }
  return std::min(i, arguments.size());
}

int Run(const RunOptions& options) {
  if (options.command.empty()) {
    Complain("no program to run was named. Try: heapcrest run ./program");
    return kBadInput;
  }
  absl::StatusOr<Preparation> made = Prepare(options);
  if (!made.ok()) {
    Complain(made.status());
    return kBadInput;
  }
  if (made->target.defines_malloc) {
    Complain(absl::StrCat("'", made->target.executable, "' has a malloc of its own linked in: ",
                          "allocations that it serves itself will be missing"));
  }
  MemoryWatch memory(made->captures);
  absl::StatusOr<ProgramEnd> end = RunProgram(StartOf(options, *made));
  if (!end.ok()) {
    RemoveCapturesFolder(made->captures);
    Complain(end.status());
    return kBadInput;
  }
  // From here on a reader that went away or a file size limit is an error to report, not our end.
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);
  const int finished = Finish(options, *made, {*end, memory.Stop()});
  const int status = ExitStatusOf(*end);
  return status != 0 ? status : finished;
}

}  // namespace heapcrest
