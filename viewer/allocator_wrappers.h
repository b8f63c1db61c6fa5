// The functions by which well-known programs and libraries call malloc: nobody looks for memory in
// them. A program's own function of such a name loses nothing: its caller is shown instead.
//
// Thread-safe: pure functions.
#pragma once

#include <string_view>

namespace heapcrest {

// `name`: "xmalloc", "node::Malloc"; without parameters. That of a compiler's part or clone
// ("xmalloc.part.0") and of a library's version ("uprv_malloc_72") is known too. `library`: the
// module's file name.
bool IsAllocatorWrapper(std::string_view name, std::string_view library);

}  // namespace heapcrest
