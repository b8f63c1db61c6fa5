#include "profiler/live_samples.h"

#include <atomic>

namespace heapcrest {

void AddressFilter::Add(const void* address) {
  std::atomic_ref<uint8_t> counter(counters_[IndexOf(address)]);
  uint8_t count = counter.load(std::memory_order_relaxed);
  while ((count & kMost) != kMost &&
         !counter.compare_exchange_weak(count, static_cast<uint8_t>(count + 1))) {
  }
}

void AddressFilter::Remove(const void* address) {
  std::atomic_ref<uint8_t> counter(counters_[IndexOf(address)]);
  uint8_t count = counter.load(std::memory_order_relaxed);
  while ((count & kMost) != kMost && (count & kMost) != 0 &&
         !counter.compare_exchange_weak(count, static_cast<uint8_t>(count - 1))) {
  }
}

void AddressFilter::WatchAll() {
  for (uint8_t& counter : counters_) std::atomic_ref<uint8_t>(counter).fetch_or(kWatched);
}

void AddressFilter::Clear() {
  for (uint8_t& counter : counters_) {
    // Reading an untouched page costs no memory, writing it does.
    if ((counter & kMost) != 0) counter &= kWatched;
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
  if (address == nullptr) return false;
  if (!ids_.Remove(reinterpret_cast<uint64_t>(address), sample_id)) return false;
  filter_.Remove(address);
  return true;
}

bool LiveSamples::Has(const void* address, uint64_t sample_id) const {
  uint64_t found;
  return ids_.Get(reinterpret_cast<uint64_t>(address), &found) && found == sample_id;
}

void LiveSamples::Clear() {
  filter_.Clear();
  ids_.Clear();
}

}  // namespace heapcrest
