// Sizes by which samples are known: what a block is asked for instead (profiler/telltale_block.h),
// and by how much that makes it larger.
//
// Thread-safe: pure functions. Called from hooks: yes (slow path). Allocates: never.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace heapcrest {

// What a block of glibc's takes, its header included (malloc.c, request2size).
constexpr size_t BlockBytesFor(size_t size) {
  constexpr size_t kHeader = 8, kAlign = 16, kLeast = 32;
  return std::max((size + kHeader + kAlign - 1) & ~(kAlign - 1), kLeast);
}

// What to ask for instead of `size`, so that the block takes 16 bytes less than a multiple of 256.
constexpr size_t TelltaleSize(size_t size) {
  constexpr size_t kBelow = 24;  // the 16, and the header
  return size > PTRDIFF_MAX ? size : ((size + kBelow + 255) & ~size_t{255}) - kBelow;
}

// How much more the block takes.
constexpr size_t TelltaleBytes(size_t size) {
  return BlockBytesFor(TelltaleSize(size)) - BlockBytesFor(size);
}

}  // namespace heapcrest
