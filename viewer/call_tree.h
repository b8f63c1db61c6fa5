// Who held the memory: the samples of one process folded into a tree of frames.
//
// A node is a frame (function, file, line, module) under its caller; inlined functions are nodes
// like others. Nodes stand in preorder, children heaviest at the peak first (then at the end, then
// in total), so that a subtree is a contiguous run and a drawer may stop at the first child that
// is too small to see. Leaves that are the allocator itself (malloc, operator new, ...) are folded
// into their caller.
//
// Invariant, tested everywhere: the root's total at the peak is the peak of the process.
//
// Not thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "viewer/recording.h"

namespace heapcrest {

enum class View { kPeak = 0, kEnd = 1, kAllocated = 2 };
inline constexpr size_t kViewCount = 3;

// Bytes and blocks that samples stand for, and how many samples those were.
struct Amount {
  int64_t bytes = 0;
  int64_t count_q16 = 0;  // blocks in units of 1/65536: a sample stands for a fraction
  int64_t samples = 0;
  int64_t overhead = 0;      // bytes that the allocator adds
  int64_t scaled_bytes = 0;  // the part of `bytes` that was scaled to an exact sum (calibration.h)
  double variance_bytes2 = 0;         // of `bytes`, before its sum was known: docs/sampling.md
  double object_variance_bytes2 = 0;  // of Python's objects in it, whose sums are known

  int64_t count() const { return (count_q16 + (1 << 15)) >> 16; }
  Amount& operator+=(const Amount& other);
};
using Amounts = std::array<Amount, kViewCount>;

struct CallNode {
  uint32_t parent = kNone;   // kNone: the root, node 0
  uint32_t subtree_end = 0;  // one behind the last node of its subtree
  uint32_t frame = kNone;  // index into Recording::frames, equal frames have one; kNone: root, gap
  uint64_t omitted = 0;    // > 0: a gap of so many frames
  uint32_t depth = 0;
  Amounts self;
  Amounts total;
};

struct CallTree {
  std::vector<CallNode> nodes;
  std::vector<uint32_t> node_of_stack;  // by StackNode: where what it allocated stands; 0: nothing
};

struct Peak;

// What was counted and not sampled stands under the root, as a frame of that name.
//
// REQUIRES: `process` is one of `recording`, `peak` is FindPeak's of it.
CallTree BuildCallTree(const Recording& recording, const Process& process, const Peak& peak);

}  // namespace heapcrest
