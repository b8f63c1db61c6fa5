#include "viewer/symbols/scopes.h"

#include <dwarf.h>

#include <algorithm>

#include "viewer/symbols/demangle.h"
#include "viewer/symbols/die_tree.h"

namespace heapcrest {
namespace {

constexpr int kMaxScopes = 64;

std::string ScopeName(Dwarf_Die* die, std::string_view inner_name) {
  const char* name = dwarf_diename(die);
  switch (dwarf_tag(die)) {
    case DW_TAG_namespace:
      return name == nullptr ? "(anonymous namespace)::" : std::string(name) + "::";
    case DW_TAG_class_type:
    case DW_TAG_structure_type:
    case DW_TAG_union_type:
      if (name != nullptr) return std::string(name) + "::";
      return inner_name == "operator()" ? "{lambda}::" : "{unnamed type}::";
    case DW_TAG_subprogram:
      return name == nullptr ? "" : std::string(name) + "::";
    default:
      return "";
  }
}

}  // namespace

const std::vector<uint8_t*>& Scopes::ChildrenOf(Dwarf_Die* scope) {
  const auto [entry, is_new] = children_.try_emplace(scope->addr);
  if (is_new) {
    std::vector<uint8_t*>& children = entry->second;
    AnyChild(scope, [&children](Dwarf_Die* child) {
      children.push_back(static_cast<uint8_t*>(child->addr));
      return false;
    });
  }
  return entry->second;
}

// Moves `scope` to its child that holds or is `target`: the last one that does not begin behind it.
bool Scopes::Descend(Dwarf_Die* scope, const Dwarf_Die& target) {
  const std::vector<uint8_t*>& children = ChildrenOf(scope);
  const auto behind =
      std::upper_bound(children.begin(), children.end(), static_cast<uint8_t*>(target.addr));
  if (behind == children.begin()) return false;
  return dwarf_die_addr_die(dwarf_cu_getdwarf(target.cu), behind[-1], scope) != nullptr;
}

std::string Scopes::Around(Dwarf_Die declaration, std::string_view name) {
  std::string scopes;
  Dwarf_Die scope;
  if (dwarf_diecu(&declaration, &scope, nullptr, nullptr) == nullptr) return scopes;
  for (int i = 0; i < kMaxScopes && Descend(&scope, declaration); ++i) {
    if (scope.addr == declaration.addr) return scopes;
    scopes += ScopeName(&scope, name);
    if (scopes.size() > kMaxNameBytes) break;
  }
  return "";
}

}  // namespace heapcrest
