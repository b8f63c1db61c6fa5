// `heapcrest run`: starts a program under the profiler, outlives it whatever ends it, and writes
// the profile, the report and the summary.
//
// Not thread-safe: the process is for this alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"

namespace heapcrest {

struct RunOptions {
  std::string base;  // "": heapcrest.NAME.PID
  uint64_t interval_bytes = 65536;
  bool no_report = false;
  bool no_source = false;
  std::string strip_prefix = {};  // "": none
  std::vector<std::string> command;
};

// The subcommand; its options go into `options` when it is parsed. It is to be given the arguments
// before the program only: behind that, nothing is ours to read.
CLI::App* AddRunCommand(CLI::App* app, RunOptions* options);

// How many of `arguments` (those behind "run") are ours; behind them, and a "--", is the program.
size_t CountOwnArguments(const CLI::App& run, const std::vector<std::string>& arguments);

// The exit status for the shell: that of the program, or kBadInput.
int Run(const RunOptions& options);

}  // namespace heapcrest
