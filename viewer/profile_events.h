// The allocations and frees of a process as columns, in their one order (event_order.h).
//
// A free names its sample by how many allocations ago it was made. Times are kept to the
// microsecond; where several events share one, each comes back a nanosecond after the one before,
// so that the order, and with it the peak, stays exact. A cut sequence is the recording as it was
// up to there.
//
// Not thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "viewer/recording.h"

namespace heapcrest {

// The contents of as many blocks as it takes.
std::vector<std::string> EncodeEvents(const Process& process);

// HeapCounts as the content of a block.
std::string EncodeCounts(const HeapCounts& counts);

// REQUIRES: `process` has all its events. False when it makes no sense.
bool DecodeCounts(std::string_view content, Process* process);

class EventDecoder {
 public:
  // Appends to the samples of `process`, which must outlive the decoder and have its stacks and
  // threads.
  explicit EventDecoder(Process* process) : process_(process) {}

  // The next block's content. False when it makes no sense.
  bool Decode(std::string_view content);

 private:
  bool Allocate(const Sample& sample);
  bool Free(uint64_t allocations_ago, uint64_t time_ns);

  Process* process_;
  uint64_t time_us_ = 0;
  uint64_t next_ns_ = 0;  // no event is earlier
};

}  // namespace heapcrest
