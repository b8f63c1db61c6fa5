// Whether an ELF file brings a function of its own, by its dynamic or static symbol table.
//
// Best effort: the answer feeds a warning, so whatever is damaged, missing or huge counts as "no".
//
// Thread-safe: pure functions of the file.
#pragma once

#include <link.h>

#include <string_view>

#include "profiler/launch/bounded_file.h"

namespace heapcrest {

// REQUIRES: `header` is native (IsNative) and was read from `in`.
bool DefinesFunction(const BoundedFile& in, const ElfW(Ehdr) & header, std::string_view name);

}  // namespace heapcrest
