#include "profiler/python/pools.h"

#include "profiler/arena.h"

namespace heapcrest {
namespace {

// ARENA_BITS and POOL_BITS: 18 and 12 before 3.10, 20 and 14 since.
unsigned PoolBitsOf(size_t arena_bytes) {
  if (arena_bytes == size_t{1} << 20) return 14;
  return arena_bytes == size_t{1} << 18 ? 12 : 0;
}

}  // namespace

constinit PythonPools g_python_pools;

std::atomic<uint64_t>* PythonPools::MakeLeaf(uintptr_t pool) {
  Leaf& leaf = leaves_[(pool >> kLeafBits) % kLeaves];
  std::atomic<uint64_t>* present = leaf.load(std::memory_order_acquire);
  if (present != nullptr) return present;
  auto* fresh = static_cast<std::atomic<uint64_t>*>(MapPages(kLeafBytes));
  if (fresh == nullptr || leaf.compare_exchange_strong(present, fresh)) return fresh;
  UnmapPages(fresh, kLeafBytes);  // another interpreter was faster
  return present;
}

// Of the whole ones: an arena that begins within a pool's bounds wastes that one and the last.
template <typename Change>
bool PythonPools::ForEachPool(const void* arena, size_t bytes, Change change) {
  const auto begin = reinterpret_cast<uintptr_t>(arena);
  const uintptr_t mask = (uintptr_t{1} << pool_bits_) - 1;
  const uintptr_t end = (begin + bytes) >> pool_bits_;
  for (uintptr_t pool = (begin + mask) >> pool_bits_; pool < end; ++pool) {
    std::atomic<uint64_t>* leaf = MakeLeaf(pool);
    if (leaf == nullptr) return false;
    change(&WordOf(leaf, pool), uint64_t{1} << pool % 64);
  }
  return true;
}

bool PythonPools::Add(const void* arena, size_t bytes) {
  const unsigned pool_bits = PoolBitsOf(bytes);
  if (arena_bytes_ == 0 && pool_bits != 0) {
    arena_bytes_ = bytes;
    pool_bits_ = pool_bits;
  }
  if (bytes != arena_bytes_) return true;
  return ForEachPool(arena, bytes,
                     [](std::atomic<uint64_t>* word, uint64_t bit) { word->fetch_or(bit); });
}

void PythonPools::Remove(const void* arena, size_t bytes) {
  if (bytes != arena_bytes_) return;
  ForEachPool(arena, bytes,
              [](std::atomic<uint64_t>* word, uint64_t bit) { word->fetch_and(~bit); });
}

}  // namespace heapcrest
