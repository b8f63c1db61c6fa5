#include "viewer/object_types.h"

#include <string>
#include <utility>

#include "profiler/format/record.h"

namespace heapcrest {
namespace {

bool HasType(const Process& process, uint32_t stack) {
  const uint32_t location = process.stacks[stack].location;
  return location != kNone && IsTypeAddress(process.locations[location].address);
}

}  // namespace

bool IsTypeAddress(uint64_t address) {
  return (address & (kPythonTypeBit | kPythonFrameBit)) == kPythonTypeBit;
}

bool IsTypeFrame(const Recording& recording, uint32_t frame) {
  return frame != kNone && recording.strings[recording.frames[frame].module] == kTypesModule;
}

bool ObjectTypeReader::AddName(RecordPayload payload, Process* process) {
  PythonType type;
  if (!payload.Number(&type.id) || type.id > kMaxPythonTypeId) return false;
  type.name = payload.Rest();
  process->python_types.push_back(std::move(type));
  return true;
}

bool ObjectTypeReader::AddObject(RecordPayload payload, uint32_t own_chunk) {
  TypedObject object;
  if (!SampleIds::TakeFrom(&payload, own_chunk, &object.sample_id)) return false;
  if (!payload.Number(&object.type_id) || object.type_id > kMaxPythonTypeId) return false;
  objects_.push_back(object);
  return true;
}

void ObjectTypeReader::Apply(const SampleIds& ids, StackTree* tree, Process* process) {
  for (const TypedObject& object : objects_) {
    const size_t place = ids.Find(object.sample_id);
    if (place == SampleIds::kUnknown) continue;
    uint32_t& stack = process->samples[place].stack;
    if (HasType(*process, stack)) continue;
    stack = tree->Child(stack, 0, kPythonTypeBit | object.type_id);
  }
  objects_ = {};
}

}  // namespace heapcrest
