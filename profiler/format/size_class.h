// Classes of block sizes, for exact counts (RecordKind::kCounts).
//
// By the usable size, which can be asked of a block at any time, so that a block leaves the class
// that it entered. Fine classes are glibc's own sizes, one usable size each: 24, 40, ... 1000 bytes
// (others' sizes fall into the one that holds them). Above, four classes to the octave; the last
// one holds 1 MiB and more.
//
// Thread-safe: pure functions. Called from hooks: yes. Allocates: never.
#pragma once

#include <bit>
#include <cstdint>

namespace heapcrest {

inline constexpr unsigned kFineClasses = 64;
inline constexpr unsigned kCoarseClasses = 41;
inline constexpr unsigned kSizeClasses = kFineClasses + kCoarseClasses;

// With 8 bytes for the block's header, as glibc has it: classes are multiples of 16.
inline constexpr uint64_t kHeaderBytes = 8;
inline constexpr uint64_t kFineLimitBytes = kFineClasses * 16;
inline constexpr unsigned kFirstCoarseWidth = 11;  // bits of kFineLimitBytes

static_assert(kFineLimitBytes >> (kFirstCoarseWidth - 1) == 1);

constexpr unsigned SizeClassOf(uint64_t usable_bytes) {
  const uint64_t bytes = usable_bytes + kHeaderBytes;
  if (bytes < kFineLimitBytes) return static_cast<unsigned>(bytes / 16);
  const auto width = static_cast<unsigned>(std::bit_width(bytes));
  const auto quarter = static_cast<unsigned>(bytes >> (width - 3) & 3);
  const unsigned coarse = (width - kFirstCoarseWidth) * 4 + quarter;
  return kFineClasses + (coarse < kCoarseClasses ? coarse : kCoarseClasses - 1);
}

// REQUIRES: a fine class. Of another allocator's blocks: the most that they can have.
constexpr uint64_t UsableBytesOf(unsigned fine_class) {
  return fine_class == 0 ? 0 : fine_class * 16 - kHeaderBytes;
}

}  // namespace heapcrest
