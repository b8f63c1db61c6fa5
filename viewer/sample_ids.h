// Finds samples by what the records of a capture call them: their chunk, and their place among its
// allocations.
//
// Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>

#include "absl/container/flat_hash_map.h"
#include "profiler/format/capture_format.h"
#include "profiler/format/varint.h"
#include "viewer/record_payload.h"

namespace heapcrest {

class SampleIds {
 public:
  static constexpr size_t kUnknown = SIZE_MAX;

  // The allocations of a chunk are the `count` samples from `first` on.
  void Add(uint32_t chunk, size_t first, size_t count) { chunks_[chunk] = {first, count}; }

  // The sample's place among all.
  size_t Find(uint64_t sample_id) const {
    const auto chunk = chunks_.find(static_cast<uint32_t>(sample_id >> kSampleIndexBits));
    const uint64_t index = sample_id & ((1u << kSampleIndexBits) - 1);
    if (chunk == chunks_.end() || index >= chunk->second.count) return kUnknown;
    return chunk->second.first + index;
  }

  // Takes an id from a record in `own_chunk`. False: it makes no sense.
  static bool TakeFrom(RecordPayload* payload, uint32_t own_chunk, uint64_t* sample_id) {
    uint64_t delta, index;
    if (!payload->Number(&delta) || !payload->Number(&index)) return false;
    const uint64_t chunk = own_chunk + static_cast<uint64_t>(Unzigzag(delta));
    if (chunk > UINT32_MAX || index >> kSampleIndexBits != 0) return false;
    *sample_id = MakeSampleId(static_cast<uint32_t>(chunk), static_cast<uint32_t>(index));
    return true;
  }

 private:
  struct Chunk {
    size_t first = 0;
    size_t count = 0;
  };
  absl::flat_hash_map<uint32_t, Chunk> chunks_;
};

}  // namespace heapcrest
