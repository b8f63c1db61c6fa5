#include "viewer/command/standard_streams.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace heapcrest {

void OccupyClosedStreams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(stream, F_GETFD) >= 0) continue;
    // open takes the lowest free number: this one.
    const int file = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (file != stream && file >= 0) close(file);
  }
}

absl::Status WriteToStdout(std::string_view text) {
  const bool written = fwrite(text.data(), 1, text.size(), stdout) == text.size();
  if (written && fflush(stdout) == 0) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat("cannot write to stdout: ", strerror(errno)));
}

}  // namespace heapcrest
