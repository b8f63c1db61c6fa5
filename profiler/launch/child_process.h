// Starts a program, outlives whatever happens to it, and tells how it ended.
//
// The program gets our stdin, stdout, stderr, signal dispositions, process group and terminal
// untouched. Orphans that it leaves behind become our children (PR_SET_CHILD_SUBREAPER), so that
// their ends are known too; those that still run a moment after the program ended (daemons) are
// reported and left alone.
//
// Not thread-safe: one at a time in a process, and it must be the process's only children.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace heapcrest {

struct ProgramStart {
  std::string path;                      // what to execute
  std::vector<std::string> arguments;    // from argv[0] on
  std::vector<std::string> environment;  // "NAME=value"
};

struct ChildEnd {
  int wait_status = 0;
  uint64_t time_ns = 0;  // when we learned of it (CLOCK_MONOTONIC)
};

struct ProgramEnd {
  pid_t pid = 0;
  uint64_t start_monotonic_ns = 0;
  uint64_t start_realtime_ns = 0;
  bool signaled = false;
  int code = 0;  // exit status or signal number
  bool out_of_memory = false;
  std::map<pid_t, ChildEnd> reaped = {};  // every process that ended under us, this one included
  std::vector<pid_t> still_running = {};  // children that outlived it
};

// Runs it to its end. An error says that the program could not be started at all.
absl::StatusOr<ProgramEnd> RunProgram(const ProgramStart& start);

// As a shell would report it: the status, or 128 + N for signal N.
int ExitStatusOf(const ProgramEnd& end);

}  // namespace heapcrest
