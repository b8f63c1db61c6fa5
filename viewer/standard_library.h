// Tells the standard libraries (C, C++, Rust) from the code that people write. The line to change
// is seldom inside std::vector: a line's own bytes are those that it allocates itself or through
// the standard library.
//
// Thread-safe: pure functions.
#pragma once

#include <string_view>

namespace heapcrest {

// `function` is demangled, `file` may be empty, `module` is the path of its library.
bool IsStandardLibraryFrame(std::string_view function, std::string_view file,
                            std::string_view module);

// A demangled function without its return type, which templates show:
// "void std::sort<int*>(int*, int*)" is "std::sort<int*>(int*, int*)".
std::string_view WithoutReturnType(std::string_view function);

// And without its parameters, and what stands behind them: "ns::F<int>::f" of
// "ns::F<int>::f(int) const".
std::string_view WithoutParameters(std::string_view function);

// The last part of its name, without template arguments and parameters:
// "allocate" of "std::allocator_traits<std::allocator<int> >::allocate(std::allocator<int>&)".
std::string_view MethodName(std::string_view function);

}  // namespace heapcrest
