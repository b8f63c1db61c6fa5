#include "viewer/symbols/function_names.h"

#include <dwarf.h>

#include "viewer/symbols/demangle.h"

namespace heapcrest {
namespace {

constexpr int kMaxReferences = 16;

bool FollowReference(Dwarf_Die* die, unsigned name) {
  Dwarf_Attribute attribute;
  Dwarf_Die target;
  if (dwarf_attr(die, name, &attribute) == nullptr ||
      dwarf_formref_die(&attribute, &target) == nullptr) {
    return false;
  }
  *die = target;
  return true;
}

// The declaration, which stands in the function's scope: definitions and inlined copies refer to
// it.
Dwarf_Die DeclarationOf(Dwarf_Die die) {
  for (int i = 0; i < kMaxReferences; ++i) {
    if (!FollowReference(&die, DW_AT_abstract_origin) &&
        !FollowReference(&die, DW_AT_specification)) {
      break;
    }
  }
  return die;
}

// Demangled. Empty where it encodes nothing: glibc's `__GI_...` are plainer as they are declared.
std::string LinkageName(Dwarf_Die* die) {
  Dwarf_Attribute attribute;
  for (const unsigned name : {DW_AT_linkage_name, DW_AT_MIPS_linkage_name}) {
    if (dwarf_attr_integrate(die, name, &attribute) == nullptr) continue;
    const char* text = dwarf_formstring(&attribute);
    if (text != nullptr && IsMangled(text)) return Demangle(text);
  }
  return "";
}

bool HasOverloads(Dwarf_Die* die) {
  Dwarf_Die unit;
  if (dwarf_diecu(die, &unit, nullptr, nullptr) == nullptr) return false;
  switch (dwarf_srclang(&unit)) {
    case DW_LANG_C_plus_plus:
    case DW_LANG_C_plus_plus_03:
    case DW_LANG_C_plus_plus_11:
    case DW_LANG_C_plus_plus_14:
    case DW_LANG_ObjC_plus_plus:
    case DW_LANG_D:
    case DW_LANG_Rust:
    case DW_LANG_Swift:
      return true;
    default:
      return false;
  }
}

FunctionName MakeName(Dwarf_Die die, Scopes* scopes) {
  if (std::string linkage_name = LinkageName(&die); !linkage_name.empty()) {
    return {std::move(linkage_name), true};
  }
  Dwarf_Die declaration = DeclarationOf(die);
  const char* name = dwarf_diename(&declaration);
  const bool has_overloads = HasOverloads(&die);
  if (name == nullptr) return {"", !has_overloads};
  std::string text(std::string_view(name).substr(0, kMaxNameBytes));
  if (has_overloads) text.insert(0, scopes->Around(declaration, name));
  return {std::move(text), !has_overloads};
}

}  // namespace

const FunctionName& FunctionNames::Of(const Dwarf_Die& die) {
  Dwarf_Die origin = die;
  FollowReference(&origin, DW_AT_abstract_origin);  // shared by all places that it was inlined into
  const auto [entry, is_new] = names_.try_emplace(origin.addr);
  if (is_new) entry->second = MakeName(origin, &scopes_);
  return entry->second;
}

}  // namespace heapcrest
