// A direct-mapped cache of 64-bit values by 64-bit key, which races may only make forgetful.
//
// A later entry takes the place of an earlier one. The check word ties key and value together: an
// entry that is read while another thread writes it does not match, and counts as absent.
//
// Thread-safe and async-signal-safe. Called from hooks: yes (slow path). Allocates: never.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace heapcrest {

template <int kLogEntries>
class RacyCache {
 public:
  // REQUIRES: `key` is not 0.
  bool Find(uint64_t key, uint64_t* value) const {
    const Entry& entry = entries_[IndexOf(key)];
    *value = entry.value.load(std::memory_order_relaxed);
    return (entry.check.load(std::memory_order_relaxed) ^ *value) == key;
  }

  void Add(uint64_t key, uint64_t value) {
    Entry& entry = entries_[IndexOf(key)];
    entry.value.store(value, std::memory_order_relaxed);
    entry.check.store(value ^ key, std::memory_order_relaxed);
  }

  void Clear() {
    for (Entry& entry : entries_) {
      // Reading an untouched page costs no memory, writing it does.
      if (entry.check.load(std::memory_order_relaxed) == 0 &&
          entry.value.load(std::memory_order_relaxed) == 0) {
        continue;
      }
      entry.check.store(0, std::memory_order_relaxed);
      entry.value.store(0, std::memory_order_relaxed);
    }
  }

 private:
  struct Entry {
    std::atomic<uint64_t> value, check;
  };
  static size_t IndexOf(uint64_t key) { return (key * 0x9e3779b97f4a7c15) >> (64 - kLogEntries); }
  Entry entries_[size_t{1} << kLogEntries] = {};
};

}  // namespace heapcrest
