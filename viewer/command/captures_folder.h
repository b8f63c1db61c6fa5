// The folder BASE.captures/ in which the profiled processes record while a run lasts. It is made
// before the program starts and removed when its content stands in the profile; if anything goes
// wrong in between, it stays and `heapcrest report` reads it.
//
// Not thread-safe.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace heapcrest {

// Makes the folder; an empty one may be there already. Returns its absolute path.
absl::StatusOr<std::string> MakeCapturesFolder(const std::string& path);

// Whether there is anything to read: an error, which says why, if there are captures and not one of
// them could be written.
absl::Status CheckWritten(const std::string& path);

// Removes captures, and the folder if nothing else is in it.
void RemoveCapturesFolder(const std::string& path);

// Whether any process recorded anything.
bool HasCaptures(const std::string& path);

}  // namespace heapcrest
