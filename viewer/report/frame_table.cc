#include "viewer/report/frame_table.h"

#include <algorithm>
#include <string>

#include "viewer/report/text.h"
#include "viewer/standard_library.h"

namespace heapcrest {
namespace {

auto Content(const Frame& f) { return std::tie(f.function, f.file, f.line, f.module); }

template <typename Member>
void WriteDeltas(const std::vector<Frame>& frames, Member member, Packer* out) {
  int64_t last = 0;
  for (const Frame& frame : frames) {
    const int64_t value = frame.*member;
    out->Signed(value - last);
    last = value;
  }
}

// Sorts the texts that frames use; returns each id's place.
std::vector<uint32_t> SortTexts(const Recording& recording, std::vector<uint32_t>* texts) {
  std::vector<bool> is_used(recording.strings.size());
  is_used[0] = true;
  for (const Frame& f : recording.frames) {
    is_used[f.function] = is_used[f.file] = is_used[f.module] = true;
  }
  for (uint32_t id = 0; id < is_used.size(); ++id) {
    if (is_used[id]) texts->push_back(id);
  }
  std::sort(texts->begin(), texts->end(),
            [&](uint32_t a, uint32_t b) { return recording.strings[a] < recording.strings[b]; });
  std::vector<uint32_t> place(recording.strings.size(), 0);
  for (uint32_t i = 0; i < texts->size(); ++i) place[(*texts)[i]] = i;
  return place;
}

}  // namespace

FrameTable::FrameTable(const Recording& recording) : number_of_(recording.frames.size()) {
  const std::vector<uint32_t> place = SortTexts(recording, &texts_);
  std::vector<Frame> all;
  all.reserve(recording.frames.size());
  for (const Frame& f : recording.frames) {
    all.push_back({place[f.function], place[f.file], f.line, place[f.module]});
  }
  frames_ = all;
  const auto is_before = [](const Frame& a, const Frame& b) { return Content(a) < Content(b); };
  std::sort(frames_.begin(), frames_.end(), is_before);
  frames_.erase(std::unique(frames_.begin(), frames_.end()), frames_.end());
  first_with_.resize(frames_.size());
  for (size_t i = 0; i < all.size(); ++i) {
    const auto found = std::lower_bound(frames_.begin(), frames_.end(), all[i], is_before);
    number_of_[i] = static_cast<uint32_t>(found - frames_.begin());
    first_with_[number_of_[i]] = static_cast<uint32_t>(i);
  }
}

void FrameTable::Write(const Recording& recording, Packer* out) const {
  WriteTexts(recording, out);
  out->Number(frames_.size());
  WriteDeltas(frames_, &Frame::function, out);
  WriteDeltas(frames_, &Frame::file, out);
  WriteDeltas(frames_, &Frame::line, out);
  WriteDeltas(frames_, &Frame::module, out);
  for (const uint32_t frame : first_with_) {
    const Frame& f = recording.frames[frame];
    out->Number(IsStandardLibraryFrame(recording.strings[f.function], recording.strings[f.file],
                                       recording.strings[f.module]));
  }
}

void FrameTable::WriteTexts(const Recording& recording, Packer* out) const {
  Packer added_bytes, added;
  out->Number(texts_.size());
  std::string last;
  for (const uint32_t id : texts_) {
    std::string text = CleanText(recording.strings[id]);
    const size_t limit = std::min(last.size(), text.size());
    const auto differ =
        std::mismatch(text.begin(), text.begin() + static_cast<ptrdiff_t>(limit), last.begin());
    const auto shared = static_cast<size_t>(differ.first - text.begin());
    out->Number(shared);
    added_bytes.Number(text.size() - shared);
    added.Bytes(std::string_view(text).substr(shared));
    last = std::move(text);
  }
  out->Bytes(added_bytes.bytes());
  out->Bytes(added.bytes());
}

uint32_t WeightTable::operator[](const Weight& weight) {
  const auto [entry, is_new] =
      numbers_.try_emplace({weight.bytes, weight.count_q16, weight.variance_bytes2},
                           static_cast<uint32_t>(weights_.size()));
  if (is_new) weights_.push_back(weight);
  return entry->second;
}

void WeightTable::Write(Packer* out) const {
  out->Number(weights_.size());
  for (const Weight& weight : weights_) out->Number(static_cast<uint64_t>(weight.bytes));
  for (const Weight& weight : weights_) out->Number(static_cast<uint64_t>(weight.count_q16));
  for (const Weight& weight : weights_) out->Double(weight.variance_bytes2);
}

}  // namespace heapcrest
