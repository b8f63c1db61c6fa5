#include "viewer/allocator_frames.h"

#include <algorithm>
#include <array>

#include "viewer/allocator_wrappers.h"
#include "viewer/standard_library.h"

namespace heapcrest {
namespace {

using std::string_view_literals::operator""sv;

constexpr std::array kPrefixes = {"__libc_"sv, "__GI___libc_"sv, "__GI_"sv, "__"sv,
                                  "je_"sv,     "tc_"sv,          "mi_"sv};

constexpr std::array kNames = {"aligned_alloc"sv,
                               "calloc"sv,
                               "cfree"sv,
                               "free"sv,
                               "free_aligned_sized"sv,
                               "free_sized"sv,
                               "malloc"sv,
                               "mallocx"sv,
                               "memalign"sv,
                               "new"sv,  // mi_new, tc_new: never without a prefix
                               "newarray"sv,
                               "new_aligned"sv,
                               "new_nothrow"sv,
                               "posix_memalign"sv,
                               "pvalloc"sv,
                               "rallocx"sv,
                               "realloc"sv,
                               "reallocarray"sv,
                               "valloc"sv};

// What containers of the C++ standard library call between themselves and operator new.
constexpr std::array kAllocatorMethods = {"allocate"sv,
                                          "_M_allocate"sv,
                                          "_M_allocate_and_copy"sv,
                                          "_M_allocate_buckets"sv,
                                          "_M_allocate_map"sv,
                                          "_M_allocate_node"sv,
                                          "_M_create"sv,
                                          "_M_create_node"sv,
                                          "_M_create_storage"sv,
                                          "_M_get_node"sv,
                                          "__allocate_guarded"sv,
                                          "_S_allocate"sv};

constexpr std::array kRustAllocator = {"__rust_alloc"sv,   "__rust_realloc"sv,
                                       "__rdl_"sv,         "__rg_"sv,
                                       "alloc::alloc::"sv, "<alloc::alloc::Global"sv};

bool IsLibraryAllocator(std::string_view function) {
  const std::string_view name = WithoutReturnType(function);
  for (const std::string_view prefix : kRustAllocator) {
    if (name.starts_with(prefix)) return true;
  }
  if (!name.starts_with("std::") && !name.starts_with("__gnu_cxx::")) return false;
  const std::string_view method = MethodName(name);
  return std::find(kAllocatorMethods.begin(), kAllocatorMethods.end(), method) !=
         kAllocatorMethods.end();
}

// The program's, or a class's own.
bool IsOperatorNewOrDelete(std::string_view name) {
  if (name.ends_with("[]")) name.remove_suffix(2);
  for (const std::string_view word : {"operator new"sv, "operator delete"sv}) {
    if (name == word ||
        (name.ends_with(word) && name.substr(0, name.rfind(word)).ends_with("::"))) {
      return true;
    }
  }
  return false;
}

bool IsKnown(std::string_view name) {
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

}  // namespace

bool IsAllocatorFrame(std::string_view function, std::string_view module) {
  const std::string_view library = module.substr(module.rfind('/') + 1);
  if (library.starts_with("libheapcrest.so")) return true;
  const std::string_view name = function.substr(0, function.find('('));
  if (IsOperatorNewOrDelete(name) || IsLibraryAllocator(function) ||
      IsAllocatorWrapper(name, library))
    return true;
  if (IsKnown(name)) return name != "new" && !name.starts_with("new");
  return std::any_of(kPrefixes.begin(), kPrefixes.end(), [&](std::string_view prefix) {
    return name.starts_with(prefix) && IsKnown(name.substr(prefix.size()));
  });
}

}  // namespace heapcrest
