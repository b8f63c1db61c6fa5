// stdin, stdout and stderr as the user gave them.
//
// Not thread-safe: changes the process's file descriptors.
#pragma once

#include <string_view>

#include "absl/status/status.h"

namespace heapcrest {

// Whoever started us may have closed some of 0, 1 and 2. The next files that we open would take
// their places and get what is printed. Occupies closed ones with /dev/null, for us alone: a
// program that we execute finds them closed.
void OccupyClosedStreams();

// All of it, or an error: a full disk behind a redirection must not look like success.
absl::Status WriteToStdout(std::string_view text);

}  // namespace heapcrest
