#include "profiler/event.h"

namespace heapcrest {
namespace {

void WriteType(const SampledObject& object, ObjectState state) {
  ObjectType type;
  if (!g_python_types.Find(object, state, &type)) return;
  const uint64_t sample_id = object.sample_id & kSampleId;
  WriteEvent(2 * kMaxEventBytes + type.new_name.count,
             [sample_id, &type](WriterSlot* slot) { slot->PutObjectType(sample_id, type); });
}

// `sample_id`: as the table of live samples has it.
void KeepAsLast(const void* block, size_t size, uint64_t sample_id) {
  LookAtLastObjectSlow();
  t_thread.last_object = NoteObject(block, size, sample_id);
}

}  // namespace

void LookAtLastObjectSlow() {
  const SampledObject last = t_thread.last_object;
  if (last.block == nullptr || !HoldsLockOf(last)) return;
  t_thread.last_object = {};
  if (g_session.live.Has(last.block, last.sample_id)) WriteType(last, ObjectState::kLive);
}

void NoteLargeObjectSlow(const void* block, size_t size) {
  const ErrnoKeeper errno_keeper;
  if (block != nullptr) KeepAsLast(block, size, t_thread.last_block_id);
}

void* RecordObjectSlow(void* block, size_t size, bool has_type) {
  const ErrnoKeeper errno_keeper;
  if (block == nullptr) return nullptr;
  const uint64_t id = WriteAllocation(block, size, 1 + ObjectSlack(size), kObject);
  if (has_type && id != kNoSample) {
    KeepAsLast(block, size, id);
  } else {
    LookAtLastObjectSlow();
  }
  FoldAfterObject();
  return block;
}

bool TakeObjectSampleSlow(const void* block, uint64_t* sample_id) {
  if (!TakeSampleSlow(block, sample_id)) return false;
  if ((*sample_id & kObject) != 0) return true;
  PutBackSampleSlow(block, *sample_id);
  return false;
}

void RecordFreeAheadSlow(uint64_t sample_id) {
  const ErrnoKeeper errno_keeper;
  const SampledObject last = t_thread.last_object;
  if (last.block != nullptr && last.sample_id == sample_id) {
    t_thread.last_object = {};
    if (HoldsLockOf(last)) WriteType(last, ObjectState::kDying);
  }
  RecordFreeSlow(sample_id);
}

}  // namespace heapcrest
