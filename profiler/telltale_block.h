// A size by which a free knows that a block may be a sample.
//
// Nearly every free is of a block that is no sample, and it should find that out without a look at
// memory of ours, which the program has pushed out of the caches by then. A free reads the block's
// header, to count it; so that the header tells, a block that is to be sampled is asked for a
// little larger (120 bytes on average), so that it takes 240 bytes more than a multiple of 256,
// which few others do. What does is looked up among the live samples, and so is what takes 256
// (glibc adds 16 where too little would be left) and every block that is mapped for itself.
//
// For blocks of glibc's, which say their size, and for intervals at which few of them are sampled.
// Otherwise, and should a sample not get such a size, every free looks its block up.
//
// Thread-safe. Called from hooks: yes. Allocates: never.
#pragma once

#include <errno.h>

#include <cstddef>
#include <cstdint>

#include "profiler/format/telltale_size.h"
#include "profiler/real_allocator.h"

namespace heapcrest {

// At smaller intervals there are too many samples to make each of them larger.
inline constexpr uint64_t kLeastTelltaleInterval = 4096;

// Blocks at addresses up to this are looked up: all, or null only.
extern uintptr_t g_looked_up_to __attribute__((visibility("hidden")));

inline uintptr_t LookedUpTo() { return __atomic_load_n(&g_looked_up_to, __ATOMIC_RELAXED); }
inline bool SizesTell() { return LookedUpTo() == 0; }
// REQUIRES: the blocks are glibc's; none was sampled yet.
inline void LetSizesTell() { __atomic_store_n(&g_looked_up_to, 0, __ATOMIC_RELAXED); }
inline void LookAllUp() { __atomic_store_n(&g_looked_up_to, UINTPTR_MAX, __ATOMIC_RELAXED); }

inline constexpr size_t kMapped = 2;  // a header's flag: for itself
inline bool HeaderTells(size_t header) {
  if (((header + 16) & 0xe0) == 0) [[unlikely]]
    return true;
  return (header & kMapped) != 0;
}

// Hot. False: surely not sampled.
inline bool MayTell(const void* block) {
  if (reinterpret_cast<uintptr_t>(block) <= LookedUpTo()) [[unlikely]]
    return true;
  return HeaderTells(HeaderOf(block));
}

// After an allocation that was to get such a size. If not, every block may be a sample from now on.
inline void CheckThatSizeTells(const void* block) {
  if (!MayTell(block)) LookAllUp();
}

// How many bytes of a block that was to get such a size make it tell: none where it is mapped for
// itself, or there was no room for more than `size`.
inline size_t TelltaleBytesIn(const void* block, size_t size) {
  const size_t header = HeaderOf(block);
  const bool is_larger = HeaderBytes(block) >= BlockBytesFor(TelltaleSize(size));
  return is_larger && HeaderTells(header) && (header & kMapped) == 0 ? TelltaleBytes(size) : 0;
}

// How an allocation is to be made: of the size that the program wants, or of one that tells.
struct Request {
  bool tells;
  size_t operator()(size_t size) const { return tells ? TelltaleSize(size) : size; }
};

// Allocates a block whose size tells.
template <typename Call>
void* AllocateTelltale(Call real) {
  const int saved = errno;
  void* block = real(Request{true});
  if (block == nullptr) {
    errno = saved;
    block = real(Request{false});
  } else if (const size_t header = HeaderOf(block); !HeaderTells(header) && (header & 0xf0) == 16) {
    block = g_real.realloc(block, HeaderBytes(block) - 40);  // in place: 32 left behind, a header
  }
  CheckThatSizeTells(block);
  return block;
}

}  // namespace heapcrest
