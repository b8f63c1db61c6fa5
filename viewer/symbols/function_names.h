// What the function of a DIE is called.
//
// The linkage name, demangled, says it all: scopes, template arguments and parameters. GCC leaves
// it out where a function has no external linkage; then the name is put together from the scopes
// around its declaration, without parameters.
//
// Not thread-safe: remembers the names it made.
#pragma once

#include <elfutils/libdw.h>

#include <string>
#include <unordered_map>

#include "viewer/symbols/scopes.h"

namespace heapcrest {

struct FunctionName {
  std::string text;         // empty: it has none
  bool is_complete = true;  // false: lacks parameters although the language has overloads
};

class FunctionNames {
 public:
  // `die` is a subprogram or an inlined subroutine.
  const FunctionName& Of(const Dwarf_Die& die);

 private:
  Scopes scopes_;
  std::unordered_map<const void*, FunctionName> names_;  // by where the DIE stands
};

}  // namespace heapcrest
