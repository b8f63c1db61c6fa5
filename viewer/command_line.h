// A process's command as a line that a shell would take.
//
// Thread-safe: pure functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "viewer/recording.h"

namespace heapcrest {

// One line: plain, '...' around anything unusual, $'...' around control characters. Hostile text of
// any length. The executable's path where no arguments are known. What a server wrote over its
// command is none and stands as it is: "nginx: worker process".
std::string CommandLine(const Process& process);

// Whether that is so of these arguments: what remains behind the title is zeros.
bool IsTitle(const std::vector<std::string>& command);

// Fit to be shown, at most `most` characters: of a longer one the program's folder gives way first,
// then the middle.
std::string CommandWithin(std::string_view command, size_t most);

}  // namespace heapcrest
