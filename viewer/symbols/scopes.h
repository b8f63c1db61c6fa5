// The namespaces, classes and functions around a DIE.
//
// DIEs have no way up. But they stand in the order of the tree, so the way down to one is a search
// among the children of each scope, whose places are remembered: the top of a unit of C++ has ten
// thousand children.
//
// Not thread-safe.
#pragma once

#include <elfutils/libdw.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace heapcrest {

class Scopes {
 public:
  // "std::(anonymous namespace)::Reader::"; empty at the top of the unit. `name` is what the
  // declaration itself is called: an operator() of a class without a name is a lambda.
  std::string Around(Dwarf_Die declaration, std::string_view name);

 private:
  bool Descend(Dwarf_Die* scope, const Dwarf_Die& target);
  const std::vector<uint8_t*>& ChildrenOf(Dwarf_Die* scope);

  std::unordered_map<const void*, std::vector<uint8_t*>> children_;
};

}  // namespace heapcrest
