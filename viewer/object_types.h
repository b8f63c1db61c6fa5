// Which type Python's objects are of (profiler/python/object_types.h), as far as it is known.
//
// A type is the innermost frame of its object's stack: at an address of a kind of its own, as
// Python's frames are. So the parts of a line by type are nodes of the call tree like others, and
// nothing else has to know of them but who credits bytes to lines.
//
// Input is hostile: memory grows with the bytes that were read and no faster.
//
// Not thread-safe.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "viewer/record_payload.h"
#include "viewer/recording.h"
#include "viewer/sample_ids.h"
#include "viewer/stack_tree.h"

namespace heapcrest {

// What stands for the module of such a frame: "int", of no file.
inline constexpr std::string_view kTypesModule = "Python type";

// Whether an address is that of a type.
bool IsTypeAddress(uint64_t address);
// Whether a frame is one: not kNone, and of that module.
bool IsTypeFrame(const Recording& recording, uint32_t frame);

// Takes kPythonType and kObjectType records.
class ObjectTypeReader {
 public:
  // Each takes a record's payload. False: it makes no sense.
  bool AddName(RecordPayload payload, Process* process);
  bool AddObject(RecordPayload payload, uint32_t own_chunk);

  // Gives samples their types: the first that was said of each. Those of unknown samples are
  // ignored. REQUIRES: the samples have their stacks, and stand where `ids` says.
  void Apply(const SampleIds& ids, StackTree* tree, Process* process);

 private:
  struct TypedObject {
    uint64_t sample_id;
    uint64_t type_id;
  };
  std::vector<TypedObject> objects_;
};

}  // namespace heapcrest
