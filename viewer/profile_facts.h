// The facts of a recording as JSON: everything about its processes that is not a table or an event.
// Names are never taken away, only added; a reader ignores those that it does not know.
//
// Text is hostile: what is not UTF-8 stands as {"hex": "..."} and comes back byte for byte.
//
// Thread-safe: pure functions.
#pragma once

#include <string>
#include <string_view>

#include "viewer/recording.h"

namespace heapcrest {

std::string EncodeFacts(const Recording& recording);

// Fills an empty recording. False: these are no facts.
bool DecodeFacts(std::string_view json, Recording* recording);

}  // namespace heapcrest
