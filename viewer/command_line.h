// A process's command as a line that a shell would take.
//
// Thread-safe: pure functions.
#pragma once

#include <string>

#include "viewer/recording.h"

namespace heapcrest {

// One line: plain, '...' around anything unusual, $'...' around control characters. Hostile text of
// any length. The executable's path where no arguments are known.
std::string CommandLine(const Process& process);

}  // namespace heapcrest
