// The frames and weights that a page's processes share, numbered so that they deflate well.
//
//   texts    count · for each: bytes shared with the one before · further bytes · the further bytes
//   frames   count · columns of deltas: function, file, line, module (indices into the texts) ·
//            column: 1 where it is a standard library's, whose allocations are its caller's
//   weights  count · columns: bytes, count in 1/65536 blocks, variance (double)
//
// Texts are sorted, so that long C++ names share their beginnings; frames are sorted by function.
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

class FrameTable {
 public:
  // Looks at `recording` only here and in Write.
  explicit FrameTable(const Recording& recording);

  // The page's number of a frame of the recording; equal frames have one number.
  uint32_t operator[](uint32_t frame) const { return number_of_[frame]; }
  size_t size() const { return frames_.size(); }

  void Write(const Recording& recording, Packer* out) const;

 private:
  void WriteTexts(const Recording& recording, Packer* out) const;

  std::vector<Frame> frames_;         // texts as the page numbers them
  std::vector<uint32_t> first_with_;  // by number: one of the recording's frames that are equal
  std::vector<uint32_t> number_of_;
  std::vector<uint32_t> texts_;  // ids in Recording::strings, sorted by text
};

class WeightTable {
 public:
  // The number of this weight, a new one if need be.
  uint32_t operator[](const Weight& weight);
  void Write(Packer* out) const;

 private:
  std::map<std::tuple<int64_t, int64_t, double>, uint32_t> numbers_;
  std::vector<Weight> weights_;
};

}  // namespace heapcrest
