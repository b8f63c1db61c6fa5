// Thread-safe: pure functions.
#pragma once

#include <string>
#include <string_view>

namespace heapcrest {

// "/src/./lib//../main.cc" -> "/src/main.cc", by text alone: the folders may be on another machine.
// (Where `lib` is a symbolic link that is another file; compilers write it so, nevertheless.)
std::string NormalizePath(std::string_view path);

// The normal path of a source file that was compiled in `folder`, unless the path is absolute or
// begins with the folder already (libdw adds it in some cases and not in others).
std::string SourcePath(std::string_view folder, std::string_view path);

}  // namespace heapcrest
