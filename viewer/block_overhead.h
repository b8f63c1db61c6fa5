// What the allocator takes beside the bytes that a program asks for.
//
// Thread-safe: pure functions.
#pragma once

#include <algorithm>
#include <cstdint>

namespace heapcrest {

// glibc on 64 bits: 8 bytes before each block, sizes in steps of 16, 32 at least; from 128 KiB on
// 16 bytes and whole pages (malloc/malloc.c, request2size and sysmalloc_mmap; the threshold grows
// with use, so for large blocks this is what it takes at most).
constexpr uint64_t OverheadOfBlock(uint64_t size) {
  constexpr uint64_t kPage = 4096, kMapped = 128 * 1024;
  if (size >= kMapped) return (size + 16 + kPage - 1) / kPage * kPage - size;
  return std::max<uint64_t>(32, (size + 8 + 15) / 16 * 16) - size;
}
static_assert(OverheadOfBlock(1) == 31 && OverheadOfBlock(24) == 8 && OverheadOfBlock(28) == 20);

}  // namespace heapcrest
