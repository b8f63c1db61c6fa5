// Which memory is pymalloc's, and of which size class an object in it is.
//
// pymalloc cuts arenas into pools, each for objects of one size class, and says in the first bytes
// of a pool which (struct pool_header, the same since 3.8). A free is not told a size: with this,
// objects are counted when they go as exactly as when they come (docs/sampling.md). Arenas are
// known as they are mapped, since the interpreter lets its arena allocator be wrapped.
//
// Thread-safe and async-signal-safe. Called from hooks: yes. Allocates: pages (arena.h), when an
// arena is mapped.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "profiler/format/python_objects.h"

namespace heapcrest {

class PythonPools {
 public:
  // What else is mapped in the same way, frames of Python's since 3.11, has other sizes and is left
  // out. False: no memory.
  bool Add(const void* arena, size_t bytes);
  void Remove(const void* arena, size_t bytes);

  // Hot. Whether the block is an object in a pool.
  bool Hold(const void* block) const {
    const uintptr_t pool = PoolOf(block);
    const std::atomic<uint64_t>* leaf = LeafOf(pool).load(std::memory_order_relaxed);
    return leaf != nullptr && (WordOf(leaf, pool).load(std::memory_order_relaxed) >> pool % 64 & 1);
  }

  // Hot. REQUIRES: Hold(block); it is alive.
  size_t ClassOf(const void* block) const {
    constexpr size_t kSizeClass = 36;  // offsetof(struct pool_header, szidx)
    const auto* header = reinterpret_cast<const uint8_t*>(PoolOf(block) << pool_bits_);
    return *reinterpret_cast<const uint32_t*>(header + kSizeClass) % kObjectClasses;
  }

  // Whether an object of `size` bytes stands where it should: in a pool that says so.
  bool Fit(const void* block, size_t size) const {
    return Hold(block) && ClassOf(block) >= ObjectClassOf(size);
  }

 private:
  static constexpr unsigned kAddressBits = 47;
  static constexpr unsigned kLeafBits = 20;  // 2^20 pools: a bit each
  static constexpr size_t kLeafBytes = (size_t{1} << kLeafBits) / 8;
  static constexpr unsigned kLeastPoolBits = 12;
  static constexpr size_t kLeaves = size_t{1} << (kAddressBits - kLeastPoolBits - kLeafBits);
  using Leaf = std::atomic<std::atomic<uint64_t>*>;

  uintptr_t PoolOf(const void* block) const {
    return reinterpret_cast<uintptr_t>(block) >> pool_bits_;
  }
  const Leaf& LeafOf(uintptr_t pool) const { return leaves_[(pool >> kLeafBits) % kLeaves]; }
  template <typename Word>
  static Word& WordOf(Word* leaf, uintptr_t pool) {
    return leaf[pool / 64 % (kLeafBytes / 8)];
  }
  std::atomic<uint64_t>* MakeLeaf(uintptr_t pool);
  template <typename Change>
  bool ForEachPool(const void* arena, size_t bytes, Change change);

  // Of the first arena: an interpreter has one kind. 0: there is none yet. (All zeros, so that the
  // map takes no room in the library's file.)
  unsigned pool_bits_ = 0;
  size_t arena_bytes_ = 0;
  Leaf leaves_[kLeaves] = {};
};

extern PythonPools g_python_pools __attribute__((visibility("hidden")));

}  // namespace heapcrest
