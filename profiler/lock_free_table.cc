#include "profiler/lock_free_table.h"

#include "profiler/arena.h"

namespace heapcrest {
namespace {

uint64_t Mix(uint64_t key) {
  key = (key ^ (key >> 32)) * 0x9e3779b97f4a7c15;
  key = (key ^ (key >> 29)) * 0xbf58476d1ce4e5b9;
  return key ^ (key >> 32);
}

// A slot whose value is being stored: nobody's key yet.
constexpr uint64_t kClaimed = UINT64_MAX;

// The first slot of either window that a key may stand in.
size_t WindowStart(uint64_t mixed, int choice, size_t slots) {
  const uint64_t half = choice == 0 ? mixed & UINT32_MAX : mixed >> 32;
  return (half * 8) & (slots - 1);
}

}  // namespace

bool LockFreeTable::GetSegment(size_t index, Segment* segment) const {
  uint64_t* memory = segments_[index].load(std::memory_order_acquire);
  if (memory == nullptr) return false;
  const size_t slots = SlotsOf(index);
  auto* atoms = reinterpret_cast<std::atomic<uint64_t>*>(memory);
  *segment = {atoms, atoms + slots, slots};
  return true;
}

bool LockFreeTable::AddSegment(size_t index) {
  if (index >= kSegments) return false;
  const size_t bytes = SlotsOf(index) * 2 * sizeof(uint64_t);
  auto* memory = static_cast<uint64_t*>(MapPages(bytes));
  if (memory == nullptr) return false;
  uint64_t* expected = nullptr;
  if (!segments_[index].compare_exchange_strong(expected, memory, std::memory_order_acq_rel)) {
    UnmapPages(memory, bytes);  // another thread was faster
  }
  size_t count = index;
  segment_count_.compare_exchange_strong(count, index + 1, std::memory_order_acq_rel);
  return true;
}

uint64_t LockFreeTable::Insert(uint64_t key, uint64_t value) {
  const uint64_t mixed = Mix(key);
  while (true) {
    const size_t count = segment_count_.load(std::memory_order_acquire);
    // The newest segment first: it has the most room. Then the gaps that removals left.
    for (size_t i = count; i-- > 0;) {
      Segment segment;
      if (!GetSegment(i, &segment)) continue;
      for (int choice = 0; choice < 2; ++choice) {
        const size_t start = WindowStart(mixed, choice, segment.slots);
        for (size_t slot = start; slot < start + kWindow; ++slot) {
          uint64_t empty = 0;
          if (segment.keys[slot].load(std::memory_order_relaxed) != 0 ||
              !segment.keys[slot].compare_exchange_strong(empty, kClaimed)) {
            continue;
          }
          segment.values[slot].store(value, std::memory_order_relaxed);
          segment.keys[slot].store(key, std::memory_order_release);
          return FirstSlotOf(i) + slot;
        }
      }
    }
    if (!AddSegment(count)) return kNoSlot;
  }
}

LockFreeTable::Place LockFreeTable::Locate(uint64_t key) const {
  const uint64_t mixed = Mix(key);
  for (size_t i = segment_count_.load(std::memory_order_acquire); i-- > 0;) {
    Segment segment;
    if (!GetSegment(i, &segment)) continue;
    for (int choice = 0; choice < 2; ++choice) {
      const size_t start = WindowStart(mixed, choice, segment.slots);
      for (size_t slot = start; slot < start + kWindow; ++slot) {
        if (segment.keys[slot].load(std::memory_order_acquire) == key) return {i, slot, true};
      }
    }
  }
  return {0, 0, false};
}

uint64_t LockFreeTable::Find(uint64_t key) const {
  const Place place = Locate(key);
  return place.found ? FirstSlotOf(place.segment) + place.slot : kNoSlot;
}

bool LockFreeTable::Get(uint64_t key, uint64_t* value) const {
  const Place place = Locate(key);
  Segment segment;
  if (!place.found || !GetSegment(place.segment, &segment)) return false;
  *value = segment.values[place.slot].load(std::memory_order_relaxed);
  return true;
}

bool LockFreeTable::Remove(uint64_t key, uint64_t* value) {
  const Place place = Locate(key);
  Segment segment;
  if (!place.found || !GetSegment(place.segment, &segment)) return false;
  *value = segment.values[place.slot].load(std::memory_order_relaxed);
  return segment.keys[place.slot].compare_exchange_strong(key, 0);
}

void LockFreeTable::Mark(uint64_t bit) {
  for (size_t i = 0; i < segment_count_.load(std::memory_order_relaxed); ++i) {
    Segment segment;
    if (!GetSegment(i, &segment)) continue;
    for (size_t slot = 0; slot < segment.slots; ++slot) {
      const uint64_t key = segment.keys[slot].load(std::memory_order_relaxed);
      if (key != 0) segment.values[slot].fetch_or(bit, std::memory_order_relaxed);
    }
  }
}

void LockFreeTable::Clear() {
  for (size_t i = 0; i < kSegments; ++i) {
    UnmapPages(segments_[i].exchange(nullptr), SlotsOf(i) * 2 * sizeof(uint64_t));
  }
  segment_count_.store(0);
}

}  // namespace heapcrest
