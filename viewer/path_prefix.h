// Shortens paths to a base folder: /home/ann/app/src/a.cc becomes src/a.cc, so that what is shown
// says nothing of the machine that it was made on.
//
// Thread-safe: a pure function.
#pragma once

#include <string_view>

#include "viewer/recording.h"

namespace heapcrest {

// Source files and modules inside `folder` lose it; the texts that they had are gone from the
// recording. Commands stay as they were typed.
void StripPathPrefix(std::string_view folder, Recording* recording);

}  // namespace heapcrest
