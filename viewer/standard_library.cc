#include "viewer/standard_library.h"

#include <algorithm>
#include <array>

namespace heapcrest {
namespace {

using std::string_view_literals::operator""sv;

// Where sources of the C++ and Rust standard libraries lie, whoever built the program.
constexpr std::array kSourceFolders = {"/include/c++/"sv,      "/rustc/"sv,
                                       "/rust/deps/"sv,        "/library/alloc/src/"sv,
                                       "/library/core/src/"sv, "/library/std/src/"sv};

constexpr std::array kNamespaces = {"std::"sv,   "__gnu_cxx::"sv, "alloc::"sv, "core::"sv,
                                    "<std::"sv,  "<alloc::"sv,    "<core::"sv, "<&mut core::"sv,
                                    "__rust_"sv, "__rdl_"sv,      "__rg_"sv};

// The loader too: it calls what libraries do when they are loaded.
// Rust's backtraces come through libgcc.
constexpr std::array kModules = {"libc.so.6"sv,      "libstdc++.so.6"sv,       "libc++.so.1"sv,
                                 "libc++abi.so.1"sv, "ld-linux-x86-64.so.2"sv, "libgcc_s.so.1"sv};

bool Opens(char c) { return c == '<' || c == '(' || c == '[' || c == '{'; }
bool Closes(char c) { return c == '>' || c == ')' || c == ']' || c == '}'; }

// ".../lib/python3.11/json/decoder.py", but not what pip and Debian put below it.
bool IsPythonLibrary(std::string_view file) {
  if (file.starts_with("<frozen ")) return true;
  const auto contains = [file](std::string_view part) { return file.find(part) != file.npos; };
  return contains("/lib/python3.") && !contains("/site-packages/") && !contains("/dist-packages/");
}

// Where the parameters begin, or the end.
size_t ParametersAt(std::string_view function) {
  int depth = 0;
  for (size_t i = 0; i < function.size(); ++i) {
    if (function[i] == '(' && depth == 0 && i != 0) return i;
    if (Opens(function[i])) ++depth;
    if (Closes(function[i]) && depth > 0) --depth;
  }
  return function.size();
}

}  // namespace

std::string_view WithoutReturnType(std::string_view function) {
  const size_t end = ParametersAt(function);
  size_t start = 0;
  int depth = 0;
  for (size_t i = 0; i < end; ++i) {
    // "operator new", "operator bool": the space belongs to the name.
    if (depth == 0 && function.substr(i).starts_with("operator")) break;
    if (Opens(function[i])) ++depth;
    if (Closes(function[i]) && depth > 0) --depth;
    if (function[i] == ' ' && depth == 0) start = i + 1;
  }
  return function.substr(start);
}

// Read from the end, where the parameters are: "(anonymous namespace)::f(int (*)(char))".
std::string_view WithoutParameters(std::string_view function) {
  std::string_view name = function;
  for (const std::string_view qualifier : {" &&"sv, " &"sv, " volatile"sv, " const"sv}) {
    if (name.ends_with(qualifier)) name.remove_suffix(qualifier.size());
  }
  if (!name.ends_with(')')) return function;
  size_t depth = 0;
  for (size_t i = name.size(); i-- > 1;) {
    if (name[i] == ')') ++depth;
    if (name[i] == '(' && --depth == 0) return name.substr(0, i);
  }
  return function;
}

std::string_view MethodName(std::string_view function) {
  std::string_view name = WithoutReturnType(function);
  name = name.substr(0, ParametersAt(name));
  size_t start = 0, end = name.size();
  int depth = 0;
  for (size_t i = 0; i < name.size(); ++i) {
    if (depth == 0 && name.substr(i).starts_with("::")) start = i + 2;
    if (depth == 0 && name[i] == '<' && i > start) end = i;
    if (Opens(name[i])) ++depth;
    if (Closes(name[i]) && depth > 0) --depth;
  }
  return name.substr(start, end > start ? end - start : std::string_view::npos);
}

bool IsStandardLibraryFrame(std::string_view function, std::string_view file,
                            std::string_view module) {
  const std::string_view library = module.substr(module.rfind('/') + 1);
  // A file of Python lies in its module, where it has one; C code of the library does not.
  if (file.starts_with(module) && IsPythonLibrary(file)) return true;
  if (std::find(kModules.begin(), kModules.end(), library) != kModules.end()) return true;
  const auto contains = [file](std::string_view part) { return file.find(part) != file.npos; };
  if (std::any_of(kSourceFolders.begin(), kSourceFolders.end(), contains)) return true;
  const std::string_view name = WithoutReturnType(function);
  return std::any_of(kNamespaces.begin(), kNamespaces.end(),
                     [name](std::string_view space) { return name.starts_with(space); });
}

}  // namespace heapcrest
