// Which frames are Python's own, and which are those of its interpreter at work.
//
// Under every Python frame stand the C frames that run it, and between two of them those that make
// the call: evaluation loop, vectorcall, argument parsing. They are in a profile and say nothing to
// who wrote the Python: folded unless somebody asks for them. What the interpreter does of its own
// (PyList_Append, PyLong_FromLong) stays where it has a name. Of importlib, five Python frames for
// each import, one stays, under the name of "import".
//
// Thread-safe: pure functions.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "viewer/recording.h"

namespace heapcrest {

// The modules that hold an interpreter whose Python frames were recorded.
class Interpreters {
 public:
  // Looks at `recording` as long as it is used.
  explicit Interpreters(const Recording& recording);

  bool empty() const { return modules_.empty(); }
  bool Hold(const Frame& frame) const;

  // Whether what `frame` allocates belongs to the line of Python that called it: nobody would look
  // for it in C code without a source, or in that of the interpreter and its own extensions.
  bool IsBehindPython(const Frame& frame) const;
  // libc's call of a Python's main: it may have a source where the interpreter has none.
  bool IsStart(const Frame& frame) const;

 private:
  const StringTable& strings_;
  // All sorted, and of processes that ran Python: what else was run has no Python to be behind.
  std::vector<uint32_t> loaded_;
  std::vector<uint32_t> modules_;
  std::vector<uint32_t> extensions_;  // the interpreter's own
};

inline constexpr std::string_view kImport = "import";

// Takes the frames of the interpreter at work out of every stack, if they are to be folded; and
// finds out what is inlined into evaluation loops.
void ArrangeInterpreters(Recording* recording, bool is_folded);

}  // namespace heapcrest
