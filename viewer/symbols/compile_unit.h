// One compile unit of DWARF: the functions and source lines of its addresses.
//
// Reads nothing until asked. The first question indexes the unit's functions by one walk that
// leaves out their bodies; where that finds none (methods of a local class, such as lambdas,
// stand inside the enclosing function), a second walk takes in everything.
//
// Not thread-safe. The Dwarf must outlive it.
#pragma once

#include <elfutils/libdw.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "viewer/symbols/function_names.h"
#include "viewer/symbols/range_index.h"
#include "viewer/symbols/source_frame.h"

namespace heapcrest {

class CompileUnit {
 public:
  explicit CompileUnit(const Dwarf_Die& die) : line_die_(die), function_die_(die) {}

  // The frames of an address as in the file; without a function or a file where unknown.
  SourceFrames Find(uint64_t address, FunctionNames* names);

 private:
  struct Place {
    std::string file;
    uint32_t line = 0;
  };

  void Load();
  void IndexFunctions(bool with_bodies);
  std::optional<Dwarf_Die> FunctionAt(uint64_t address);
  Place LineAt(uint64_t address) const;
  Place CallSite(Dwarf_Die* inlined) const;

  Dwarf_Die line_die_;
  Dwarf_Die function_die_;  // another one where the functions are in a .dwo file
  bool is_loaded_ = false;
  bool has_bodies_ = false;  // functions_ holds the nested ones too
  RangeIndex functions_;     // value: index into function_dies_
  std::vector<Dwarf_Die> function_dies_;
  const char* folder_ = "";  // in which the compiler ran
  Dwarf_Lines* lines_ = nullptr;
  size_t line_count_ = 0;
  Dwarf_Files* files_ = nullptr;
  size_t file_count_ = 0;
};

}  // namespace heapcrest
