#include "profiler/python/object_counter.h"

namespace heapcrest {
namespace {

int64_t ClassBytes(size_t size_class) {
  return static_cast<int64_t>((size_class + 1) * kObjectClassBytes);
}

}  // namespace

uint64_t ObjectCounter::Take(ObjectCounts* counts) {
  uint64_t bytes = 0;
  for (size_t i = 0; i < kObjectClasses; ++i) {
    if (LoadAtOnce(packed_[i]) == 0) continue;
    const int64_t packed = ExchangeAtOnce(&packed_[i], 0);
    ObjectCount& count = (*counts)[i];
    count.objects = static_cast<uint64_t>(packed & kObjectMask);
    count.bytes = count.objects * static_cast<uint64_t>(ClassBytes(i)) -
                  static_cast<uint64_t>(packed >> kObjectBits);
    bytes += count.bytes;
  }
  return bytes;
}

LiveObjects ObjectCounter::TakeChange(const ObjectCounts& allocated) {
  LiveObjects change;
  for (size_t i = 0; i < kObjectClasses; ++i) {
    const int64_t freed = LoadAtOnce(freed_[i]) == 0 ? 0 : ExchangeAtOnce(&freed_[i], 0);
    const int64_t objects = static_cast<int64_t>(allocated[i].objects) - freed;
    change.objects += objects;
    change.pool_bytes += objects * ClassBytes(i);
  }
  return change;
}

int64_t ObjectCounter::ChangeOfBytes() const {
  int64_t bytes = 0;
  for (size_t i = 0; i < kObjectClasses; ++i) {
    bytes += ((LoadAtOnce(packed_[i]) & kObjectMask) - LoadAtOnce(freed_[i])) * ClassBytes(i);
  }
  return bytes;
}

}  // namespace heapcrest
