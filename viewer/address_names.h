// Names for addresses without symbols: "libfoo.so+0x1234", or the address alone where no mapping
// holds it; and for libraries.
//
// Not thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "viewer/recording.h"

namespace heapcrest {

// Gives each location that has no frames one.
void NameByAddress(Recording* recording);

// "_json.so" of "/usr/lib/python3.11/lib-dynload/_json.cpython-311-x86_64-linux-gnu.so": which
// Python it was built for, all extension modules of a program have in common.
std::string ModuleName(std::string_view path);

// Whether `function` is such a name.
bool IsAddressName(std::string_view function, std::string_view module);

}  // namespace heapcrest
