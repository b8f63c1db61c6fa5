// A set of 64-bit keys with a 64-bit value each, for many threads at once and for signal handlers.
//
// Segments of growing size (each twice the one before); within a segment a key may stand in
// one of two windows of eight slots, one cache line each. A lookup reads those windows and never
// stops at an empty slot, so removing needs no tombstone, growing moves nothing, and nobody ever
// waits. Two windows to choose from fill a segment to about four fifths before it grows.
//
// Thread-safe and async-signal-safe. Called from hooks: yes (slow path). Allocates: pages (arena).
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace heapcrest {

class LockFreeTable {
 public:
  // A slot's number stays the key's own for as long as the key is in the table.
  static constexpr uint64_t kNoSlot = UINT64_MAX;

  // Adds `key` and returns its slot; kNoSlot when memory has run out. Does not look whether the key
  // is there already. REQUIRES: `key` is neither 0 nor UINT64_MAX.
  uint64_t Insert(uint64_t key, uint64_t value);

  // The slot of `key`, or kNoSlot. REQUIRES: as for Insert.
  uint64_t Find(uint64_t key) const;

  // Whether `key` is there; then *value is its value. REQUIRES: nobody removes it meanwhile.
  bool Get(uint64_t key, uint64_t* value) const;

  // Takes `key` out and hands over its value. Of threads that race for a key one succeeds.
  bool Remove(uint64_t key, uint64_t* value);

  // Sets a bit of all values. REQUIRES: no other thread uses it.
  void Mark(uint64_t bit);

  // Empties the table. REQUIRES: no other thread uses it.
  void Clear();

 private:
  static constexpr size_t kWindow = 8;
  static constexpr size_t kFirstSlots = 1024;
  static constexpr size_t kSegments = 25;
  static constexpr size_t SlotsOf(size_t segment) { return kFirstSlots << segment; }
  static constexpr uint64_t FirstSlotOf(size_t segment) {
    return kFirstSlots * ((1ull << segment) - 1);
  }

  struct Segment {
    std::atomic<uint64_t>* keys;
    std::atomic<uint64_t>* values;
    size_t slots;
  };
  struct Place {
    size_t segment, slot;
    bool found;
  };

  bool GetSegment(size_t index, Segment* segment) const;
  bool AddSegment(size_t index);
  Place Locate(uint64_t key) const;

  std::atomic<uint64_t*> segments_[kSegments] = {};  // keys, then values
  std::atomic<size_t> segment_count_{0};
};

}  // namespace heapcrest
