// What a capture says of Python's code objects, and which line an instruction of theirs is on.
//
// Input is hostile: memory grows with the bytes that were read and no faster, and a table that
// makes no sense ends where it stops to.
//
// Not thread-safe.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "viewer/recording.h"

namespace heapcrest {

// Takes kPythonCode, kPythonLines and kUnknownPython records.
class PythonCodeReader {
 public:
  // `process` must outlive the reader.
  explicit PythonCodeReader(Process* process) : process_(process) {}

  // Each takes the payload of a record. False: it makes no sense.
  bool AddCode(std::string_view payload);
  bool AddLines(std::string_view payload);
  bool AddUnknown(std::string_view payload);

 private:
  Process* process_;
  absl::flat_hash_map<uint64_t, size_t> index_of_id_;
};

// What code in a Python file is part of, as executables and libraries are for native code: an
// installed package, the standard library, or the file by itself. Part of `file`; empty for code of
// the interpreter's own ("<frozen importlib._bootstrap>").
std::string_view PythonModuleOf(std::string_view file);

// A code object's table of lines, decoded. How the tables look: Objects/lnotab_notes.txt (to 3.10)
// and Objects/locations.md (since 3.11) of CPython.
class PythonLineTable {
 public:
  explicit PythonLineTable(const PythonCode& code);

  // The line of an instruction (in code units); 0: it has none.
  uint32_t LineOf(uint64_t instruction) const;

 private:
  void DecodeLineNumberTable(const PythonCode& code);
  void DecodeLineTable(const PythonCode& code);
  void DecodeLocationTable(const PythonCode& code);
  void Add(uint64_t instruction, int64_t line);

  std::vector<std::pair<uint64_t, uint32_t>> lines_;  // from this instruction on, this line
};

}  // namespace heapcrest
