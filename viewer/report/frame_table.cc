#include "viewer/report/frame_table.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>
#include <string>
#include <utility>

#include "viewer/interpreter_frames.h"
#include "viewer/object_types.h"
#include "viewer/report/text.h"
#include "viewer/standard_library.h"

namespace heapcrest {
namespace {

constexpr size_t kWholeTexts = 32;  // one of so many stands alone: none takes long to put together

auto Content(const Frame& f) { return std::tie(f.function, f.file, f.line, f.module); }

// The ids of texts, sorted by text, and where each stands among them.
struct TextOrder {
  std::vector<uint32_t> ids;
  std::vector<uint32_t> place;  // by id; of those that are not in, 0
};

TextOrder SortTexts(const StringTable& strings, const std::vector<bool>& is_in) {
  TextOrder order;
  for (uint32_t id = 0; id < is_in.size(); ++id) {
    if (is_in[id] || id == 0) order.ids.push_back(id);
  }
  std::sort(order.ids.begin(), order.ids.end(),
            [&](uint32_t a, uint32_t b) { return strings[a] < strings[b]; });
  order.place.resize(strings.size());
  for (uint32_t i = 0; i < order.ids.size(); ++i) order.place[order.ids[i]] = i;
  return order;
}

void WriteTexts(const StringTable& strings, const std::vector<uint32_t>& ids, Packer* out) {
  std::string all_added;
  std::vector<int64_t> shared_bytes, added_bytes;
  std::string last;
  for (size_t i = 0; i < ids.size(); ++i) {
    std::string text = CleanText(strings[ids[i]]);
    const size_t limit = i % kWholeTexts == 0 ? 0 : std::min(last.size(), text.size());
    const auto differ =
        std::mismatch(text.begin(), text.begin() + static_cast<ptrdiff_t>(limit), last.begin());
    const auto shared = static_cast<size_t>(differ.first - text.begin());
    shared_bytes.push_back(static_cast<int64_t>(shared));
    added_bytes.push_back(static_cast<int64_t>(text.size() - shared));
    all_added.append(text, shared);
    last = std::move(text);
  }
  out->Number(ids.size());
  out->Column(shared_bytes);
  out->Column(added_bytes);
  out->Bytes(all_added);
}

// By text id: the source line of a frame, 0 if it is not known.
class SourceLines {
 public:
  explicit SourceLines(const Recording& recording) {
    for (const SourceLine& line : recording.source) {
      texts_.try_emplace({line.file, line.line}, line.text);
    }
  }
  uint32_t Of(const Frame& frame) const {
    const auto found = texts_.find({frame.file, frame.line});
    return found == texts_.end() ? 0 : found->second;
  }

 private:
  std::map<std::pair<uint32_t, uint32_t>, uint32_t> texts_;
};

bool IsInstalled(std::string_view path) {
  return path.starts_with("/usr/") || path.starts_with("/lib");
}

class Kinds {
 public:
  explicit Kinds(const Recording& recording)
      : strings_(recording.strings), interpreters_(recording) {
    for (const Process& process : recording.processes) programs_.insert(process.executable);
  }

  FrameKind Of(const Frame& frame) const {
    const FrameKind kind = CodeOf(frame);
    const bool is_code = kind == FrameKind::kOwn || kind == FrameKind::kLibrary;
    if (!interpreters_.IsStart(frame) && !(is_code && interpreters_.IsBehindPython(frame))) {
      return kind;
    }
    return static_cast<FrameKind>(static_cast<int>(kind) +
                                  static_cast<int>(FrameKind::kBehindPython));
  }

 private:
  FrameKind CodeOf(const Frame& frame) const {
    const std::string_view file = strings_[frame.file], module = strings_[frame.module];
    if (module == kTypesModule) return FrameKind::kType;
    if (IsStandardLibraryFrame(strings_[frame.function], file, module)) {
      return FrameKind::kStandardLibrary;
    }
    const auto contains = [file](std::string_view part) { return file.find(part) != file.npos; };
    if (contains("/site-packages/") || contains("/dist-packages/")) return FrameKind::kLibrary;
    if (file.starts_with("/usr/include/") || interpreters_.Hold(frame)) return FrameKind::kLibrary;
    const bool is_own = programs_.contains(module) || !IsInstalled(module);
    return is_own ? FrameKind::kOwn : FrameKind::kLibrary;
  }

  const StringTable& strings_;
  const Interpreters interpreters_;
  std::set<std::string, std::less<>> programs_;
};

}  // namespace

FrameTable::FrameTable(const Recording& recording) : number_of_(recording.frames.size()) {
  std::vector<bool> is_in(recording.strings.size());
  for (const Frame& f : recording.frames)
    is_in[f.function] = is_in[f.file] = is_in[f.module] = true;
  const std::vector<uint32_t> place = SortTexts(recording.strings, is_in).place;
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

void FrameTable::Write(const Recording& recording, const std::vector<bool>& is_used,
                       Packer* out) const {
  const SourceLines source(recording);
  std::vector<bool> is_in(recording.strings.size());
  for (size_t i = 0; i < first_with_.size(); ++i) {
    if (!is_used[i]) continue;
    const Frame& f = recording.frames[first_with_[i]];
    is_in[f.function] = is_in[f.file] = is_in[f.module] = is_in[source.Of(f)] = true;
  }
  const TextOrder texts = SortTexts(recording.strings, is_in);
  WriteTexts(recording.strings, texts.ids, out);
  const Kinds kind(recording);
  std::vector<uint32_t> functions, files, lines, modules, sources, kinds;
  Frame f;  // an unused frame repeats the one before: that takes no room
  for (size_t i = 0; i < first_with_.size(); ++i) {
    if (is_used[i]) f = recording.frames[first_with_[i]];
    functions.push_back(texts.place[f.function]);
    files.push_back(texts.place[f.file]);
    lines.push_back(f.line);
    modules.push_back(texts.place[f.module]);
    sources.push_back(texts.place[source.Of(f)]);
    kinds.push_back(static_cast<uint32_t>(kind.Of(f)));
  }
  out->Number(functions.size());
  for (const auto* column : {&functions, &files, &lines, &modules, &sources}) {
    out->Deltas(*column, std::identity());
  }
  out->Column(kinds, std::identity());
}

uint32_t WeightTable::NumberOf(uint64_t size, const Weight& weight) {
  const auto [entry, is_new] = numbers_.try_emplace(
      {size, weight.bytes, weight.count_q16, weight.overhead, weight.variance_bytes2, weight.doubt},
      static_cast<uint32_t>(entries_.size()));
  if (is_new) entries_.push_back({size, weight});
  return entry->second;
}

void WeightTable::Write(Packer* out) const {
  out->Number(entries_.size());
  out->Column(entries_, [](const Entry& e) { return e.weight.bytes; });
  out->Column(entries_, [](const Entry& e) { return e.weight.count_q16; });
  out->Column(entries_, [](const Entry& e) { return e.size; });
  out->Column(entries_, [](const Entry& e) { return e.weight.overhead; });
  out->Doubles(entries_, [](const Entry& e) { return e.weight.variance_bytes2; });
  out->Column(entries_, [](const Entry& e) { return e.weight.doubt; });
}

}  // namespace heapcrest
