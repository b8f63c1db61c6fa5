// One function at one place in a source, in plain text: what the readers of symbols hand up.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace heapcrest {

struct SourceFrame {
  std::string function;     // demangled; empty: unknown
  std::string file;         // absolute where the debug information allows; empty: unknown
  uint32_t line = 0;        // 0: unknown
  bool is_complete = true;  // false: `function` lacks its parameters, a symbol table may have them
};

// Innermost first: the inlined functions, then the one that holds them.
using SourceFrames = std::vector<SourceFrame>;

}  // namespace heapcrest
