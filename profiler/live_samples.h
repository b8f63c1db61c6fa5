// Which addresses are sampled allocations that are alive, and under which sample id.
//
// A free whose block may be a sample (telltale_block.h), and one of Python's objects, asks first
// whether its address may be sampled: one load from a filter of 2^20 counters, one for every 256
// bytes of heap (folded modulo 256 MB). At one sample for 64 KiB of heap, up to 256 MB of heap fill
// 0.4 % of the counters and 1 GB fills 1.6 %: that share of frees looks further, the others leave
// at once. Finer counters would push more of the program's data out of the caches; a counter of one
// sample says which of its 16 places that one stands at instead, so that the blocks beside it need
// no look into the table.
//
// Thread-safe and async-signal-safe. Called from hooks: yes. Allocates: pages (arena), slow path.
#pragma once

#include <cstddef>
#include <cstdint>

#include "profiler/lock_free_table.h"

namespace heapcrest {

class AddressFilter {
 public:
  // Hot. False: surely not in the filter. The address is of a block that the caller owns, so that
  // whoever added it is done with that: no ordering is needed.
  bool MayContain(const void* address) const { return Counter(address) != 0; }
  // The same, and false for most neighbours of what is.
  bool MayContainHere(const void* address) const;

  void Add(const void* address);
  void Remove(const void* address);

  void Clear();

 private:
  static constexpr size_t kCounters = size_t{1} << 20;
  // 0: no sample; to kPlaces: one, at this place; above: how many, somewhere.
  static constexpr uint8_t kPlaces = 16;
  static constexpr uint8_t kMost = 0xff;  // sticks: from then on it only costs a look further
  static uint8_t With(uint8_t count, const void* address);
  static uint8_t Without(uint8_t count);
  template <typename Change>
  void ChangeCount(const void* address, Change change);

  static size_t IndexOf(const void* address) {
    return (reinterpret_cast<uintptr_t>(address) >> 8) & (kCounters - 1);
  }
  static uint8_t PlaceOf(const void* address) {  // 1 to kPlaces
    return static_cast<uint8_t>(1 + (reinterpret_cast<uintptr_t>(address) >> 4) % kPlaces);
  }
  uint8_t Counter(const void* address) const {
    return __atomic_load_n(&counters_[IndexOf(address)], __ATOMIC_RELAXED);
  }
  // Plain bytes behind atomic operations: a million std::atomic are more than gcc 12 initializes at
  // compile time.
  uint8_t counters_[kCounters] = {};
  // Where samples ever were: a forked child clears these and leaves the rest untouched.
  static constexpr size_t kRegion = 4096;
  uint8_t used_regions_[kCounters / kRegion] = {};
};

class LiveSamples {
 public:
  bool MayContain(const void* address) const { return filter_.MayContain(address); }

  // False: no memory; the sample will look alive for ever.
  bool Add(const void* address, uint64_t sample_id);

  // Takes the address out; false when it is not sampled.
  bool Remove(const void* address, uint64_t* sample_id);

  // Which sample is live at the address, if any. REQUIRES: nobody takes it out meanwhile.
  bool Get(const void* address, uint64_t* sample_id) const;
  // Whether it is this one.
  bool Has(const void* address, uint64_t sample_id) const;

  // Marks all samples with `bit`. REQUIRES: no other thread uses it.
  void Mark(uint64_t bit) { ids_.Mark(bit); }

  // REQUIRES: no other thread uses it.
  void Clear();

 private:
  AddressFilter filter_;
  LockFreeTable ids_;
};

}  // namespace heapcrest
