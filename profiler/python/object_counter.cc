#include "profiler/python/object_counter.h"

namespace heapcrest {

uint64_t ObjectCounter::Take(ObjectCounts* counts) {
  uint64_t bytes = 0;
  for (size_t i = 0; i < kObjectClasses; ++i) {
    if (LoadAtOnce(packed_[i]) == 0) continue;
    const auto packed = static_cast<uint64_t>(ExchangeAtOnce(&packed_[i], 0));
    ObjectCount& count = (*counts)[i];
    count.objects = packed & ((uint64_t{1} << kObjectBits) - 1);
    count.bytes = count.objects * (i + 1) * kObjectClassBytes - (packed >> kObjectBits);
    bytes += count.bytes;
  }
  return bytes;
}

}  // namespace heapcrest
