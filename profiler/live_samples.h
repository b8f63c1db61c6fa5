// Which addresses are sampled allocations that are alive, and under which sample id.
//
// A free asks first whether its address may be sampled: one load from a filter of 2^20 counters,
// one for every 64 bytes of heap (folded modulo 64 MB). At one sample for 64 KiB of heap, 1 GB of
// heap fills 1.6 % of the counters: that share of frees looks further, the others leave at once.
//
// Thread-safe and async-signal-safe. Called from hooks: yes. Allocates: pages (arena), slow path.
#pragma once

#include <cstddef>
#include <cstdint>

#include "profiler/lock_free_table.h"

namespace heapcrest {

class AddressFilter {
 public:
  // False: surely not sampled. The address is of a block that the caller owns, so that whoever
  // sampled it is done with Add: no ordering is needed.
  bool MayContain(const void* address) const {
    return __atomic_load_n(&counters_[IndexOf(address)], __ATOMIC_RELAXED) != 0;
  }
  void Add(const void* address);
  void Remove(const void* address);
  void Clear();

 private:
  static constexpr size_t kCounters = size_t{1} << 20;
  static size_t IndexOf(const void* address) {
    return (reinterpret_cast<uintptr_t>(address) >> 6) & (kCounters - 1);
  }
  // 255 sticks: from then on the counter only costs a look further. Plain bytes behind atomic
  // operations: a million std::atomic are more than gcc 12 initializes at compile time.
  uint8_t counters_[kCounters] = {};
};

class LiveSamples {
 public:
  bool MayContain(const void* address) const { return filter_.MayContain(address); }

  // False: no memory; the sample will look alive for ever.
  bool Add(const void* address, uint64_t sample_id);

  // Takes the address out; false when it is not sampled.
  bool Remove(const void* address, uint64_t* sample_id);

  // Makes every later free of this address take the slow path: for blocks of our own.
  void Pin(const void* address) { filter_.Add(address); }

  // REQUIRES: no other thread uses it.
  void Clear();

 private:
  AddressFilter filter_;
  LockFreeTable ids_;
};

}  // namespace heapcrest
