// Gives each code object a number, so that its facts (file, name, table of lines) are written once.
//
// By content, not by address: a code object may be freed and another one take its place, which
// exec() in a loop does all the time. As with stacks (stack_table.h) only hashes are kept, and two
// threads that meet one at the same moment may number it twice.
//
// Thread-safe. Called from hooks: yes (slow path). Allocates: pages (arena).
#pragma once

#include <cstddef>
#include <cstdint>

#include "profiler/lock_free_table.h"
#include "profiler/python/interpreter.h"
#include "profiler/python/text.h"

namespace heapcrest {

// What a code object says of itself, in place.
struct PythonCodeFacts {
  PythonBytes file;
  PythonBytes name;
  PythonBytes lines;
  uint32_t first_line;
};

PythonCodeFacts FactsOf(const PythonInterpreter& python, const uint8_t* code);

// Code objects that one stack met for the first time; their facts are to be written.
struct NewPythonCode {
  static constexpr size_t kMost = 256;
  struct Entry {
    const uint8_t* code;
    uint64_t id;
  };
  Entry entries[kMost];
  size_t count;
};

class PythonCodeTable {
 public:
  // The number of a code object; kMaxPythonCodeId if it cannot get one. A new one is added to
  // `fresh`.
  uint64_t Intern(const PythonInterpreter& python, const uint8_t* code, NewPythonCode* fresh);

  // REQUIRES: no other thread uses it.
  void Clear() { hashes_.Clear(); }

 private:
  LockFreeTable hashes_;
};

extern PythonCodeTable g_python_code __attribute__((visibility("hidden")));

}  // namespace heapcrest
