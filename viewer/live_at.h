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
    const EventOrder order(process);
    for (size_t i = 0; i < moment.frees; ++i) is_freed_[order.freed()[i]] = true;
  }

  bool operator[](size_t sample) const { return sample < allocations_ && !is_freed_[sample]; }

 private:
  size_t allocations_;
  std::vector<bool> is_freed_;
};

}  // namespace heapcrest
