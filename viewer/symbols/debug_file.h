// Finds the separate file that holds a stripped module's debug information.
//
// By build id below `root`, then by the module's debug link beside the module, in its .debug/ and
// below `root`. A file counts only if it is surely the module's: same build id or, where either
// has none, the checksum that the link asks for.
//
// Thread-safe: reads files only.
#pragma once

#include <optional>
#include <string>

#include "viewer/symbols/elf_file.h"

namespace heapcrest {

inline constexpr char kDebugRoot[] = "/usr/lib/debug";

std::optional<ElfFile> FindDebugFile(const ElfFile& module, const std::string& root = kDebugRoot);

}  // namespace heapcrest
