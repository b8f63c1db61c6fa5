// `heapcrest run`: starts a program under the profiler, outlives it whatever ends it, and writes
// the profile, the report and the summary.
//
// Not thread-safe: the process is for this alone.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "CLI/App.hpp"

namespace heapcrest {

struct RunOptions {
  std::string base;  // "": heapcrest.NAME.PID
  uint64_t interval_bytes = 65536;
  bool no_report = false;
  std::vector<std::string> command;
};

// The subcommand; its options go into `options` when it is parsed.
CLI::App* AddRunCommand(CLI::App* app, RunOptions* options);

// The exit status for the shell: that of the program, or kBadInput.
int Run(RunOptions options);

}  // namespace heapcrest
