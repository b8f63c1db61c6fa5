// Memory for our own tables, straight from the kernel: inside a hook, malloc is not ours to call.
//
// Pages cost nothing until they are touched, so tables may be mapped larger than they are used.
//
// Thread-safe. Called from hooks: yes (slow path). Allocates: with mmap only.
#pragma once

#include <cstddef>

namespace heapcrest {

// Zeroed memory, page aligned; nullptr when the kernel has none.
void* MapPages(size_t bytes);
void UnmapPages(void* pages, size_t bytes);

}  // namespace heapcrest
