// The frames and weights that a page's processes share, numbered so that they deflate well.
//
//   texts    count · columns: bytes shared with the one before (each 32nd shares none) · further
//            bytes · then the further bytes of all
//   frames   count · columns of deltas: function, file, line, module, source line (indices into the
//            texts) · column: FrameKind
//   weights  count · columns: bytes, count in 1/65536 blocks, requested size of a block, what the
//            allocator adds to all of them, variance (double), doubt in Python's objects
//
// Texts are sorted, so that long C++ names share their beginnings; frames are sorted by function.
// Frames that are not used keep their number and lose their texts.
//
// Not thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <tuple>
#include <vector>

#include "viewer/recording.h"
#include "viewer/report/packer.h"
#include "viewer/weight.h"

namespace heapcrest {

// Whose code a frame is.
enum class FrameKind : uint8_t {
  kOwn = 0,
  kStandardLibrary = 1,  // what it allocates is its caller's
  kLibrary = 2,          // another one, installed on the system
  kType = 3,             // nobody's: the type of an object
  // Added: what it allocates is that of the Python that called it. So it is of libc's start, which
  // nobody looks at.
  kBehindPython = 4,
};

class FrameTable {
 public:
  // Looks at `recording` only here and in Write.
  explicit FrameTable(const Recording& recording);

  // The page's number of a frame of the recording; equal frames have one number.
  uint32_t operator[](uint32_t frame) const { return number_of_[frame]; }
  size_t size() const { return frames_.size(); }

  // `is_used`: by number, the frames whose texts are written.
  void Write(const Recording& recording, const std::vector<bool>& is_used, Packer* out) const;

 private:
  std::vector<Frame> frames_;         // texts by their place among all texts in order
  std::vector<uint32_t> first_with_;  // by number: one of the recording's frames that are equal
  std::vector<uint32_t> number_of_;
};

class WeightTable {
 public:
  // The number of what a sample of this size stands for, a new one if need be.
  uint32_t NumberOf(uint64_t size, const Weight& weight);
  void Write(Packer* out) const;

  const Weight& operator[](size_t number) const { return entries_[number].weight; }
  size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    uint64_t size;
    Weight weight;
  };
  std::map<std::tuple<uint64_t, int64_t, int64_t, int64_t, double, uint8_t>, uint32_t> numbers_;
  std::vector<Entry> entries_;
};

}  // namespace heapcrest
