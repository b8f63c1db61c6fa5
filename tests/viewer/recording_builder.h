// Makes recordings by the names of functions.
//
// Not thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "viewer/recording.h"
#include "viewer/stack_tree.h"

namespace heapcrest {

class RecordingBuilder {
 public:
  explicit RecordingBuilder(uint64_t interval_bytes = 1, uint32_t pid = 42);

  // A sample allocated and freed at these times by the last of `functions`; the first is the
  // outermost. "f@g@h" are inlined frames of one location, innermost first; "f:12" names a line;
  // "...7" is a gap of seven frames; "type int" is the type of an object.
  RecordingBuilder& Sample(const std::vector<std::string>& functions, uint64_t size,
                           uint64_t allocated_ns, uint64_t freed_ns = kStillLive);

  // Takes the recording, samples in order.
  Recording Build();

  Recording recording;  // of one process

 private:
  uint32_t LocationOf(const std::string& function);
  uint32_t FrameOf(const std::string& function);

  std::map<std::string, uint32_t> locations_;
  std::map<std::pair<uint32_t, std::string>, uint32_t> nodes_;
};

// Many processes, threads, stacks, gaps, inlined frames, lost stacks and hostile names, all drawn
// from `seed`.
Recording RandomRecording(uint64_t seed);

}  // namespace heapcrest
