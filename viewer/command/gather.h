// Puts together what the processes of a run recorded and what only their parent knows: how they
// ended.
//
// Thread-safe: pure functions of the files.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "profiler/launch/child_process.h"
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

// Symbolizes a recording that was read from captures; a profile has its symbols already.
void SymbolizeCaptures(Recording* recording);

}  // namespace heapcrest
