// Folds what threads counted of Python's small objects (profiler/python/object_counter.h) into the
// counts of the process.
//
// Not thread-safe.
#pragma once

#include <cstdint>

#include "absl/container/flat_hash_map.h"
#include "profiler/format/python_objects.h"
#include "viewer/record_payload.h"
#include "viewer/recording.h"

namespace heapcrest {

class ObjectFolder {
 public:
  // What a thread counted until `time_ns`, CLOCK_MONOTONIC: the rest of a record. False: that
  // cannot be.
  bool Add(uint64_t time_ns, uint32_t thread, RecordPayload payload);

  // Adds the objects to what else was counted, if anything was. Samples that came after a killed
  // process had counted for the last time stand for themselves. Where it was not counted how many
  // live, objects come and go between the points: when they were most, a point is added.
  // REQUIRES: the samples of `process` are complete, with times since its start.
  void Fold(Process* process) const;

 private:
  void AddUncounted(const Process& process, ObjectCounts* counts) const;

  ObjectCounts counts_ = {};
  absl::flat_hash_map<uint32_t, uint64_t> last_ns_;  // by thread
};

// Whether size classes can have these: within bounds that sums can bear.
bool MakeSense(const ObjectCounts& counts);

}  // namespace heapcrest
