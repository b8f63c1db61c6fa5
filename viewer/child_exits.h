// How the children of recorded processes ended, from those who waited for them.
//
// Thread-safe: pure functions.
#pragma once

#include "viewer/recording.h"

namespace heapcrest {

// From what waitpid says of a child that is no more.
Exit ExitOfWaitStatus(int wait_status);

// The process ended so, at that time at the latest.
void NoteExit(const Exit& exit, uint64_t monotonic_ns, Process* process);

// Gives every process the end that its parent saw.
// REQUIRES: processes stand by start.
void NoteChildExits(Recording* recording);

}  // namespace heapcrest
