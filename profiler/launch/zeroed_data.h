// How much zeroed memory (.bss) the loader maps behind the data of an ELF file.
//
// Best effort: nothing of a file that is gone, damaged or of another machine.
//
// Thread-safe: a pure function of the file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace heapcrest {

// Whole pages.
std::optional<uint64_t> ZeroedBytesOf(const std::string& path);

}  // namespace heapcrest
