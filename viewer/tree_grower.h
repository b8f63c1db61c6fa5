// Grows the nodes of a call tree from the stacks of samples.
//
// Inlined functions get nodes of their own, allocators' leaves none (allocator_frames.h): what they
// hold is their caller's. Where an evaluation loop of Python runs frames, what is inlined into it
// follows them.
//
// Not thread-safe.
#pragma once

#include <cstdint>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "viewer/call_tree.h"
#include "viewer/peak.h"
#include "viewer/recording.h"

namespace heapcrest {

// Gives frames of equal content one id, that of the first one met.
class FrameIds {
 public:
  explicit FrameIds(const Recording& recording)
      : recording_(recording), ids_(recording.frames.size(), kNone) {}

  uint32_t operator[](uint32_t frame);

 private:
  using Content = std::tuple<uint32_t, uint32_t, uint32_t, uint32_t>;
  const Recording& recording_;
  std::vector<uint32_t> ids_;
  absl::flat_hash_map<Content, uint32_t> first_;
};

// Parents come before their children, in the order in which frames are met.
class TreeGrower {
 public:
  // Looks at both as long as it is used.
  TreeGrower(const Recording& recording, const Process& process)
      : recording_(recording), process_(process), ids_(recording), nodes_(1) {}

  std::vector<CallNode> Grow(const Peak& peak);

  // By stack, of those that lead to a sample: the node that has what was allocated there.
  const std::vector<uint32_t>& self_of() const { return self_of_; }

 private:
  // Where a stack ends in the tree, and what of it is yet to come: what is inlined into an
  // evaluation loop.
  struct Place {
    uint32_t node = 0;
    uint32_t inlined_in = kNone;  // a location
  };

  void MapStacks(const std::vector<StackAmounts>& stacks);
  Place PlaceOf(const StackNode& stack);
  Place WithInlined(Place place);
  uint32_t Child(uint32_t parent, uint32_t frame);
  uint32_t WithoutAllocator(uint32_t node);
  bool IsAllocatorsPart(uint32_t node);
  bool HasAddressName(uint32_t id) const;
  bool IsAllocator(uint32_t id);

  const Recording& recording_;
  const Process& process_;
  FrameIds ids_;
  std::vector<CallNode> nodes_;
  std::vector<Place> place_of_;  // by stack
  std::vector<uint32_t> self_of_;
  absl::flat_hash_map<std::pair<uint32_t, uint32_t>, uint32_t> children_;
  absl::flat_hash_map<uint32_t, bool> is_allocator_;  // by frame
};

// A figure that was counted may have no sample.
inline bool HoldsSomething(const Amount& amount) {
  return amount.samples != 0 || amount.bytes != 0;
}

}  // namespace heapcrest
