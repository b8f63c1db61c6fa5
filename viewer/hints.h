// What a reader can do: to need less, where numbers are held as Python's objects; to see more,
// where names are missing, and where memory is that did not come through malloc.
//
// Thread-safe: pure functions.
#pragma once

#include <string>
#include <vector>

#include "viewer/recording.h"
#include "viewer/summary.h"

namespace heapcrest {

// Sentences without a full stop; none when nothing is to be done. Printable, short.
std::vector<std::string> HintTexts(const Recording& recording, const Summary& summary);

}  // namespace heapcrest
