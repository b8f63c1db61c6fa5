#include "profiler/live_samples.h"

#include <algorithm>
#include <atomic>
#include <iterator>

namespace heapcrest {

bool AddressFilter::MayContainHere(const void* address) const {
  const uint8_t count = Counter(address);
  return count > kPlaces || count == PlaceOf(address);
}

uint8_t AddressFilter::With(uint8_t count, const void* address) {
  if (count == 0) return PlaceOf(address);
  return count <= kPlaces ? kPlaces + 2 : static_cast<uint8_t>(count + 1);
}

uint8_t AddressFilter::Without(uint8_t count) {
  return count <= kPlaces + 1 ? 0 : static_cast<uint8_t>(count - 1);
}

template <typename Change>
void AddressFilter::ChangeCount(const void* address, Change change) {
  std::atomic_ref<uint8_t> counter(counters_[IndexOf(address)]);
  uint8_t value = counter.load(std::memory_order_relaxed);
  uint8_t changed;
  do {
    if (value == kMost) return;
    changed = change(value);
  } while (!counter.compare_exchange_weak(value, changed));
}

void AddressFilter::Add(const void* address) {
  std::atomic_ref(used_regions_[IndexOf(address) / kRegion]).store(1, std::memory_order_relaxed);
  ChangeCount(address, [address](uint8_t count) { return With(count, address); });
}

void AddressFilter::Remove(const void* address) { ChangeCount(address, Without); }

void AddressFilter::Clear() {
  for (size_t region = 0; region < std::size(used_regions_); ++region) {
    if (used_regions_[region] == 0) continue;
    used_regions_[region] = 0;
    uint8_t* first = counters_ + region * kRegion;
    std::fill(first, first + kRegion, uint8_t{0});
  }
}

bool LiveSamples::Add(const void* address, uint64_t sample_id) {
  const auto key = reinterpret_cast<uint64_t>(address);
  if (ids_.Insert(key, sample_id) == LockFreeTable::kNoSlot) return false;
  filter_.Add(address);
  return true;
}

bool LiveSamples::Remove(const void* address, uint64_t* sample_id) {
  // realloc(nullptr, n) asks too, and the table marks empty slots with 0.
  if (address == nullptr || !filter_.MayContainHere(address)) return false;
  if (!ids_.Remove(reinterpret_cast<uint64_t>(address), sample_id)) return false;
  filter_.Remove(address);
  return true;
}

bool LiveSamples::Get(const void* address, uint64_t* sample_id) const {
  return ids_.Get(reinterpret_cast<uint64_t>(address), sample_id);
}

bool LiveSamples::Has(const void* address, uint64_t sample_id) const {
  uint64_t found;
  return Get(address, &found) && found == sample_id;
}

void LiveSamples::Clear() {
  filter_.Clear();
  ids_.Clear();
}

}  // namespace heapcrest
