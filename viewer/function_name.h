// Shortens the names of functions so that what tells them apart survives: of C++ first the values
// of template arguments and parameters go, then the outer scopes, and only then the middle.
//
// Thread-safe: pure functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace heapcrest {

// Fit to be shown, at most `most` characters. Hostile text of any length.
std::string FunctionWithin(std::string_view name, size_t most);

}  // namespace heapcrest
