// What the modules that a Python program imported hold at the peak: their code, and what they
// allocated while they were being imported.
//
// An import belongs to the outermost one around it: what NumPy imports is NumPy's.
//
// Thread-safe: pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "viewer/call_tree.h"
#include "viewer/recording.h"

namespace heapcrest {

struct Import {
  std::string module;  // "numpy"; hostile text
  Amount held;
};

struct Imports {
  Amount held;                  // by all
  std::vector<Import> modules;  // most bytes first, then by name
};

// REQUIRES: `tree` is of the recording, of which ArrangeInterpreters may have taken frames or not.
Imports FindImports(const Recording& recording, const CallTree& tree);

}  // namespace heapcrest
