// Names as people wrote them: C++, Rust, D and Emacs symbols demangled; symbol versions
// (`@@GLIBC_2.34`) and the marks of compiler-made copies (`.isra.0`, `.constprop.1`, `.cold`) cut
// off.
//
// Symbols are hostile text: a name of 200 bytes can stand for gigabytes once its substitutions are
// written out, and nest deeper than a stack is high. Output and stack are bounded; a name beyond
// the bounds stays as it is.
//
// Thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace heapcrest {

// Longer symbols are not demangled, and longer names are cut.
inline constexpr size_t kMaxMangledBytes = size_t{64} * 1024;
inline constexpr size_t kMaxNameBytes = size_t{128} * 1024;

// Whether it looks as if a compiler encoded scopes and types into it.
bool IsMangled(std::string_view symbol);

std::string Demangle(std::string_view symbol);

}  // namespace heapcrest
