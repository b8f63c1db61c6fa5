// Decodes the records of a capture's chunks (profiler/format/record.h) into a process.
//
// A record may speak of what another chunk says, earlier or later in time: a free of its
// allocation, an allocation of its stack. So the chunks come first, in the order of the file, and
// Finish() ties the ends together.
//
// Input is hostile. Memory grows with the bytes that were read and no faster: stacks go straight
// into the tree of stacks.
//
// Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "viewer/counts_folder.h"
#include "viewer/object_folder.h"
#include "viewer/object_types.h"
#include "viewer/python_code.h"
#include "viewer/recording.h"
#include "viewer/sample_ids.h"
#include "viewer/stack_chain.h"
#include "viewer/stack_tree.h"

namespace heapcrest {

class RecordPayload;

class RecordDecoder {
 public:
  enum class Result { kWhole, kCut, kDamaged };

  // What could not be tied together.
  struct Loose {
    uint64_t frees = 0;   // of allocations that are unknown or free already
    uint64_t stacks = 0;  // samples whose stack was never written
  };

  // Fills `process`, which must outlive the decoder, start empty, and know its
  // start_monotonic_ns.
  explicit RecordDecoder(Process* process);

  // Decodes the records of the chunk that stands at place `chunk`. *decoded_bytes says how far it
  // came: to the end, to a last record that is cut and left out, or to one that makes no sense.
  // REQUIRES: each chunk once.
  Result DecodeChunk(uint32_t chunk, uint64_t base_time_ns, std::span<const uint8_t> records,
                     size_t* decoded_bytes);

  // After the last chunk: sorts the samples, gives them their stacks and frees.
  Loose Finish();

  // When the last event was; the process's start if there was none. CLOCK_MONOTONIC.
  uint64_t last_time_ns() const { return last_time_ns_; }

 private:
  struct Free {
    uint64_t time_ns;
    uint64_t sample_id;
  };
  // Where the decoder stands within a chunk.
  struct Position {
    uint32_t chunk = 0;
    uint64_t time_ns = 0;
    uint32_t thread = kNone;
    CountedObjects objects;  // of the fold that is being read
  };
  bool Decode(uint8_t kind, RecordPayload payload);
  bool DecodeAllocation(RecordPayload payload);
  bool DecodeFree(RecordPayload payload);
  bool DecodeCounts(RecordPayload payload);
  bool DecodeObjectCounts(RecordPayload payload);
  bool DecodeLiveObjects(RecordPayload payload);
  bool DecodeStack(RecordPayload payload);
  bool DecodeMapping(RecordPayload payload);
  bool DecodeThread(RecordPayload payload);
  bool DecodeChildEnd(RecordPayload payload);
  bool DecodeCommand(RecordPayload payload);
  bool AdvanceTime(RecordPayload* payload);
  uint32_t ThreadWithIndex(uint64_t index);
  void ApplyFrees(Loose* loose);
  void ApplyStacks(Loose* loose);

  Process* process_;
  StackTree tree_;
  Position at_;
  StackChain chain_;
  PythonCodeReader python_code_;
  uint64_t last_time_ns_;
  SampleIds ids_;
  std::vector<uint64_t> stack_ids_;  // by sample, until Finish
  std::vector<Free> frees_;
  CountsFolder counts_;
  ObjectFolder objects_;
  ObjectTypeReader types_;
  absl::flat_hash_map<uint64_t, uint32_t> stack_of_id_;
  absl::flat_hash_map<uint64_t, uint32_t> thread_of_index_;
};

}  // namespace heapcrest
