// Gives each code object a number, so that its facts (file, name, table of lines) are written once.
//
// By content, not by address: a code object may be freed and another one take its place, which
// exec() in a loop does all the time. As with stacks (stack_table.h) only hashes are kept, and two
// threads that meet one at the same moment may number it twice.
//
// Reading all of it for every frame of every sample would cost as much as the walk. So what was met
// lately is known again by addresses, sizes and ends: only a code object that took the place of one
// of the same name, file and first line, with a table of lines that differs in its middle alone, is
// taken for that.
//
// Thread-safe. Called from hooks: yes (slow path). Allocates: pages (arena).
#pragma once

#include <cstddef>
#include <cstdint>

#include "profiler/lock_free_table.h"
#include "profiler/python/interpreter.h"
#include "profiler/python/text.h"
#include "profiler/racy_cache.h"

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
  void Clear() {
    hashes_.Clear();
    known_.Clear();
  }

 private:
  uint64_t InternNew(const uint8_t* code, const PythonCodeFacts& facts, NewPythonCode* fresh);

  LockFreeTable hashes_;
  RacyCache<11> known_;  // ids of what was met lately
};

extern PythonCodeTable g_python_code __attribute__((visibility("hidden")));

}  // namespace heapcrest
