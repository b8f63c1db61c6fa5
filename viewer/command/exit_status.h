// The exit statuses of the command, and the one way it complains.
//
// Thread-safe.
#pragma once

#include <cstdio>
#include <string_view>

#include "absl/status/status.h"
#include "viewer/printable.h"

namespace heapcrest {

inline constexpr int kDone = 0;
inline constexpr int kBadInput = 2;  // usage or input; 1 is for checks that fail

// One line on stderr. Paths and arguments within it are hostile text.
inline void Complain(std::string_view message) {
  fprintf(stderr, "heapcrest: %s\n", Printable(message).c_str());
}

inline void Complain(const absl::Status& status) {
  Complain({status.message().data(), status.message().size()});
}

}  // namespace heapcrest
