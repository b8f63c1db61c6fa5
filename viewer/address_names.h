// Names for addresses without symbols: "libfoo.so+0x1234", or the address alone where no mapping
// holds it.
//
// Not thread-safe.
#pragma once

#include <string_view>

#include "viewer/recording.h"

namespace heapcrest {

// Gives each location that has no frames one.
void NameByAddress(Recording* recording);

// Whether `function` is such a name.
bool IsAddressName(std::string_view function, std::string_view module);

}  // namespace heapcrest
