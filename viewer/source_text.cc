#include "viewer/source_text.h"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "viewer/input_file.h"

namespace heapcrest {
namespace {

using Place = std::pair<uint32_t, uint32_t>;  // file, line

// Before any process of the run started; 0 if nobody knows.
uint64_t StartOf(const Recording& recording) {
  uint64_t start = UINT64_MAX;
  for (const Process& process : recording.processes) {
    start = std::min(start, process.start_realtime_ns);
  }
  return start;
}

// Empty unless it is a regular file of a bounded size, not newer than `newest_ns`.
std::string ContentOf(const std::string& path, uint64_t newest_ns) {
  if (path.find('\0') != std::string::npos) return "";  // to open() it would be another one
  const absl::StatusOr<InputFile> file = InputFile::Open(path);
  if (!file.ok() || file->size() > kMaxSourceFileBytes || file->changed_ns() > newest_ns) return "";
  std::string content(file->size(), '\0');
  content.resize(file->Read(0, content.data(), content.size()).value_or(0));
  return content;
}

std::string_view Trimmed(std::string_view line) {
  constexpr std::string_view kBlank = " \t\r\f\v";
  const size_t begin = line.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return {};
  line.remove_prefix(begin);
  line = line.substr(0, line.find_last_not_of(kBlank) + 1);
  return line.substr(0, kMaxSourceLineBytes);
}

// Walks once through the lines of one file.
class LineReader {
 public:
  explicit LineReader(std::string_view content) : rest_(content) {}

  // REQUIRES: lines are asked for in rising order.
  std::string_view Line(uint32_t number) {
    while (at_ < number && !rest_.empty()) {
      const size_t end = std::min(rest_.find('\n'), rest_.size());
      line_ = rest_.substr(0, end);
      rest_.remove_prefix(std::min(end + 1, rest_.size()));
      ++at_;
    }
    return at_ == number ? Trimmed(line_) : std::string_view();
  }

 private:
  std::string_view rest_;
  std::string_view line_;
  uint32_t at_ = 0;
};

}  // namespace

void ReadSource(Recording* recording) {
  std::set<Place> places;
  for (const Frame& frame : recording->frames) {
    if (frame.line != 0 && recording->strings[frame.file].starts_with('/')) {
      places.insert({frame.file, frame.line});
    }
  }
  recording->source.clear();
  const uint64_t newest_ns = StartOf(*recording);
  uint64_t left = kMaxSourceTotalBytes;
  for (auto place = places.begin(); place != places.end();) {
    const uint32_t file = place->first;
    const std::string content = ContentOf(std::string(recording->strings[file]), newest_ns);
    const bool is_affordable = content.size() <= left;
    if (is_affordable) left -= content.size();
    LineReader lines(is_affordable ? std::string_view(content) : std::string_view());
    for (; place != places.end() && place->first == file; ++place) {
      const std::string_view text = lines.Line(place->second);
      if (text.empty()) continue;
      recording->source.push_back({file, place->second, recording->strings.Intern(text)});
    }
  }
}

}  // namespace heapcrest
