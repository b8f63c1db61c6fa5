// Reads a capture, the recording of one process (profiler/format/capture_format.h), however that
// process ended: what was recorded until then is there.
//
// Thread-safe: pure functions.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "viewer/input_file.h"
#include "viewer/recording.h"

namespace heapcrest {

// Appends to `warnings` what is missing: the tail of a file that was cut, stacks that were never
// written. REQUIRES: the file is of kind kCapture.
absl::StatusOr<Process> ReadCapture(const InputFile& file, std::vector<std::string>* warnings);

}  // namespace heapcrest
