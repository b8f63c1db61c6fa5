// Puts together what the processes of a run recorded and what only their parent knows: how they
// ended and what they held in RAM.
//
// Thread-safe: pure functions of the files.
#pragma once

#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "profiler/launch/child_process.h"
#include "profiler/launch/memory_watch.h"
#include "viewer/recording.h"

namespace heapcrest {

struct Started {  // what `run` was asked to start
  std::vector<std::string> command;
  std::string executable;
  uint64_t interval_bytes = 0;
};

// Reads all captures of the folder. A program that never allocated left none: the recording then
// has it as a process without samples, and a warning.
absl::StatusOr<Recording> Gather(const std::string& captures_folder, const Started& started,
                                 const ProgramEnd& end);

// Notes in the recording how processes ended.
void NoteEnds(const ProgramEnd& end, Recording* recording);

// Notes in the recording what processes held in RAM, the titles that children gave themselves, and
// which went on as a program that is not recorded.
void NoteMemory(const std::map<pid_t, ResidentMemory>& memory, Recording* recording);

// Adds to a recording what captures do not hold: symbols, and which processes ended by executing
// another program, or run still. A profile has both already and stays as it is; the result is then
// false.
bool CompleteCaptures(Recording* recording);

}  // namespace heapcrest
