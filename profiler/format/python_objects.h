// Python's small objects, as its allocator (pymalloc) sees them: requests of 1 to 512 bytes, each
// rounded up to a size class of 16, 32, ... 512 bytes.
//
// Thread-safe: pure functions. Called from hooks: yes. Allocates: never.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace heapcrest {

// What is larger, and what is empty, is malloc's (SMALL_REQUEST_THRESHOLD).
inline constexpr size_t kMostObjectBytes = 512;
inline constexpr size_t kObjectClassBytes = 16;
inline constexpr size_t kObjectClasses = kMostObjectBytes / kObjectClassBytes;

constexpr bool IsObjectSize(uint64_t size) { return size - 1 < kMostObjectBytes; }

// REQUIRES: IsObjectSize(size).
constexpr size_t ObjectClassOf(uint64_t size) { return (size - 1) / kObjectClassBytes; }

// What rounding up adds.
constexpr uint64_t ObjectSlack(uint64_t size) { return -size % kObjectClassBytes; }

// Objects that were allocated, and the bytes that were requested for them.
struct ObjectCount {
  uint64_t objects = 0;
  uint64_t bytes = 0;
};
using ObjectCounts = std::array<ObjectCount, kObjectClasses>;

// By how many those of Python's small objects that live became more since a thread last said so,
// exactly. Bytes as pymalloc rounds them up.
struct LiveObjects {
  int64_t objects = 0;
  int64_t pool_bytes = 0;

  bool operator==(const LiveObjects&) const = default;
};

}  // namespace heapcrest
