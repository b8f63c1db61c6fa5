// The GNU build id of a loaded executable or library, read from its notes in memory.
//
// Thread-safe and async-signal-safe. Called from hooks: yes (slow path). Allocates: never.
#pragma once

#include <dlfcn.h>

#include <cstddef>
#include <cstdint>

namespace heapcrest {

// Copies it to `build_id`, which has room for kMaxBuildIdBytes. Returns how many bytes; 0: none.
// REQUIRES: the object stays loaded meanwhile.
size_t CopyBuildId(const dl_find_object& object, uint8_t* build_id);

}  // namespace heapcrest
