#include "viewer/allocator_frames.h"

#include <algorithm>
#include <array>

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

// Wrappers of malloc that everybody knows by name, sorted. A program's own function of such a name
// loses nothing: its caller is shown instead.
constexpr std::array kWrappers = {
    // perl
    "Perl_safesyscalloc"sv, "Perl_safesysmalloc"sv, "Perl_safesysrealloc"sv,
    // CPython
    "PyMem_Calloc"sv, "PyMem_Malloc"sv, "PyMem_RawCalloc"sv, "PyMem_RawMalloc"sv,
    "PyMem_RawRealloc"sv, "PyMem_Realloc"sv, "PyObject_Calloc"sv, "PyObject_Malloc"sv,
    "PyObject_Realloc"sv, "_PyMem_Calloc"sv, "_PyMem_Malloc"sv, "_PyMem_RawCalloc"sv,
    "_PyMem_RawMalloc"sv, "_PyMem_RawRealloc"sv, "_PyMem_Realloc"sv, "_PyObject_Calloc"sv,
    "_PyObject_Malloc"sv, "_PyObject_Realloc"sv,
    // SQLite
    "dbMallocRawFinish"sv, "dbReallocFinish"sv,
    // GLib
    "g_aligned_alloc"sv, "g_aligned_alloc0"sv, "g_malloc"sv, "g_malloc0"sv, "g_malloc0_n"sv,
    "g_malloc_n"sv, "g_realloc"sv, "g_realloc_n"sv, "g_slice_alloc"sv, "g_slice_alloc0"sv,
    "g_try_malloc"sv, "g_try_malloc0"sv, "g_try_malloc0_n"sv, "g_try_malloc_n"sv, "g_try_realloc"sv,
    "g_try_realloc_n"sv,
    // SQLite
    "mallocWithAlarm"sv, "sqlite3DbMallocRaw"sv, "sqlite3DbMallocRawNN"sv, "sqlite3DbMallocZero"sv,
    "sqlite3DbRealloc"sv, "sqlite3DbReallocOrFree"sv, "sqlite3Malloc"sv, "sqlite3MallocZero"sv,
    "sqlite3MemMalloc"sv, "sqlite3MemRealloc"sv, "sqlite3Realloc"sv, "sqlite3_malloc"sv,
    "sqlite3_malloc64"sv, "sqlite3_realloc"sv, "sqlite3_realloc64"sv,
    // gnulib, and whoever names them so
    "xcalloc"sv, "xmalloc"sv, "xnmalloc"sv, "xnrealloc"sv, "xrealloc"sv, "xreallocarray"sv,
    "xstrdup"sv, "xzalloc"sv,
    // Redis
    "zcalloc"sv, "zcalloc_num"sv, "zcalloc_usable"sv, "zmalloc"sv, "zmalloc_no_tcache"sv,
    "zmalloc_usable"sv, "zrealloc"sv, "zrealloc_usable"sv, "ztrycalloc"sv, "ztrycalloc_usable"sv,
    "ztrycalloc_usable_internal"sv, "ztrymalloc"sv, "ztrymalloc_usable"sv,
    "ztrymalloc_usable_internal"sv, "ztryrealloc"sv, "ztryrealloc_usable"sv,
    "ztryrealloc_usable_internal"sv};
static_assert(std::is_sorted(kWrappers.begin(), kWrappers.end()));

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

bool IsKnown(std::string_view name) {
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

// A compiler's part or clone of a function has the name and more: "xmalloc.part.0".
bool IsWrapper(std::string_view name) {
  return std::binary_search(kWrappers.begin(), kWrappers.end(), name.substr(0, name.find('.')));
}

}  // namespace

bool IsAllocatorFrame(std::string_view function, std::string_view module) {
  const std::string_view library = module.substr(module.rfind('/') + 1);
  if (library.starts_with("libheapcrest.so")) return true;
  const std::string_view name = function.substr(0, function.find('('));
  for (const std::string_view word : {"operator new"sv, "operator delete"sv}) {
    if (name == word || (name.starts_with(word) && name.substr(word.size()) == "[]")) return true;
  }
  if (IsLibraryAllocator(function) || IsWrapper(name)) return true;
  if (IsKnown(name)) return name != "new" && !name.starts_with("new");
  return std::any_of(kPrefixes.begin(), kPrefixes.end(), [&](std::string_view prefix) {
    return name.starts_with(prefix) && IsKnown(name.substr(prefix.size()));
  });
}

}  // namespace heapcrest
