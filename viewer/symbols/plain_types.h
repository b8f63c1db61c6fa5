// C++ names with the standard library's types as people write them: `std::string` and
// `std::vector<int>`, not `std::__cxx11::basic_string<char, std::char_traits<char>,
// std::allocator<char> >` and `std::vector<int, std::allocator<int> >`.
//
// Thread-safe: pure functions.
#pragma once

#include <string>
#include <string_view>

namespace heapcrest {

// What the standard library adds to its templates by itself is left out, and so are its inline
// namespaces and, of any template, a std::allocator at the end. Hostile text of any length, in
// linear time; what is no C++ name stays as it is.
std::string WithPlainTypes(std::string_view name);

}  // namespace heapcrest
