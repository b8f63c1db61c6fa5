// Which samples are live at a moment: those allocated among the events before it and not freed
// among them.
//
// Not thread-safe.
#pragma once

#include <vector>

#include "viewer/event_order.h"
#include "viewer/recording.h"

namespace heapcrest {

class LiveAt {
 public:
  LiveAt(const Process& process, const Moment& moment)
      : allocations_(moment.allocations), is_freed_(process.samples.size()) {
    for (const uint32_t sample : FirstFreed(process, moment.frees)) is_freed_[sample] = true;
  }

  bool operator[](size_t sample) const { return sample < allocations_ && !is_freed_[sample]; }

 private:
  size_t allocations_;
  std::vector<bool> is_freed_;
};

}  // namespace heapcrest
