#include "viewer/profile_tables.h"

#include <array>

#include "viewer/column.h"
#include "viewer/profile_format.h"

namespace heapcrest {
namespace {

template <size_t kCount>
std::string Joined(const std::array<ColumnWriter, kCount>& columns) {
  std::string block;
  for (const ColumnWriter& column : columns) column.AppendTo(&block);
  return block;
}

template <size_t kCount>
bool Split(std::string_view block, std::array<ColumnReader, kCount>* columns) {
  for (ColumnReader& column : *columns) {
    if (!ColumnReader::TakeFrom(&block, &column)) return false;
  }
  return true;
}

}  // namespace

std::string EncodeStrings(const StringTable& strings) {
  std::array<ColumnWriter, 2> columns;
  auto& [lengths, texts] = columns;
  for (uint32_t id = 1; id < strings.size(); ++id) {
    lengths.Number(strings[id].size());
    texts.Bytes(strings[id]);
  }
  return Joined(columns);
}

bool DecodeStrings(std::string_view content, StringTable* strings) {
  std::array<ColumnReader, 2> columns;
  auto& [lengths, texts] = columns;
  if (strings->size() != 1 || !Split(content, &columns)) return false;
  while (!lengths.AtEnd()) {
    uint64_t length;
    std::string_view text;
    if (!lengths.Number(&length) || !texts.Bytes(length, &text)) return false;
    const size_t id = strings->size();
    if (strings->Intern(text) != id) return false;  // a text that is there twice
  }
  return true;
}

std::string EncodeFrames(const Recording& recording) {
  std::array<ColumnWriter, 4> columns;
  auto& [functions, files, lines, modules] = columns;
  for (const Frame& frame : recording.frames) {
    functions.Delta(frame.function);
    files.Delta(frame.file);
    lines.Number(frame.line);
    modules.Delta(frame.module);
  }
  return Joined(columns);
}

bool DecodeFrames(std::string_view content, Recording* recording) {
  std::array<ColumnReader, 4> columns;
  auto& [functions, files, lines, modules] = columns;
  if (!recording->frames.empty() || !Split(content, &columns)) return false;
  const size_t texts = recording->strings.size();
  while (!functions.AtEnd()) {
    Frame frame;
    if (!functions.Delta32(&frame.function) || !files.Delta32(&frame.file) ||
        !lines.Number32(&frame.line) || !modules.Delta32(&frame.module)) {
      return false;
    }
    if (frame.function >= texts || frame.file >= texts || frame.module >= texts) return false;
    recording->frames.push_back(frame);
  }
  return true;
}

std::string EncodeSource(const Recording& recording) {
  std::array<ColumnWriter, 3> columns;
  auto& [files, lines, texts] = columns;
  for (const SourceLine& line : recording.source) {
    files.Delta(line.file);
    lines.Delta(line.line);
    texts.Delta(line.text);
  }
  return Joined(columns);
}

bool DecodeSource(std::string_view content, Recording* recording) {
  std::array<ColumnReader, 3> columns;
  auto& [files, lines, texts] = columns;
  if (!recording->source.empty() || !Split(content, &columns)) return false;
  const size_t count = recording->strings.size();
  while (!files.AtEnd()) {
    SourceLine line;
    if (!files.Delta32(&line.file) || !lines.Delta32(&line.line) || !texts.Delta32(&line.text)) {
      return false;
    }
    if (line.file >= count || line.text >= count) return false;
    recording->source.push_back(line);
  }
  return true;
}

std::string EncodeLocations(const Process& process) {
  std::array<ColumnWriter, 4> columns;
  auto& [epochs, addresses, first_frames, frame_counts] = columns;
  uint64_t next_frame = 0;
  for (const Location& location : process.locations) {
    epochs.Delta(location.epoch);
    addresses.Delta(location.address);
    // Mostly the frames behind those of the location before.
    first_frames.Signed(static_cast<int64_t>(location.first_frame - next_frame));
    frame_counts.Number(location.frame_count);
    next_frame = uint64_t{location.first_frame} + location.frame_count;
  }
  return Joined(columns);
}

bool DecodeLocations(std::string_view content, const Recording& recording, Process* process) {
  std::array<ColumnReader, 4> columns;
  auto& [epochs, addresses, first_frames, frame_counts] = columns;
  if (!process->locations.empty() || !Split(content, &columns)) return false;
  uint64_t next_frame = 0;
  while (!epochs.AtEnd()) {
    Location location;
    int64_t skipped;
    if (!epochs.Delta(&location.epoch) || !addresses.Delta(&location.address) ||
        !first_frames.Signed(&skipped) || !frame_counts.Number32(&location.frame_count)) {
      return false;
    }
    const uint64_t first = next_frame + static_cast<uint64_t>(skipped);
    if (first > recording.frames.size()) return false;
    if (location.frame_count > recording.frames.size() - first) return false;
    location.first_frame = static_cast<uint32_t>(first);
    next_frame = first + location.frame_count;
    process->locations.push_back(location);
  }
  return true;
}

std::string EncodeStacks(const Process& process) {
  std::array<ColumnWriter, 3> columns;
  auto& [parents, locations, gaps] = columns;
  for (size_t i = 1; i < process.stacks.size(); ++i) {
    const StackNode& stack = process.stacks[i];
    parents.Number(i - stack.parent);
    locations.Number(stack.location + 1);  // kNone wraps to 0
    if (stack.location == kNone) gaps.Number(stack.omitted);
  }
  return Joined(columns);
}

bool DecodeStacks(std::string_view content, Process* process) {
  std::array<ColumnReader, 3> columns;
  auto& [parents, locations, gaps] = columns;
  if (!process->stacks.empty() || !Split(content, &columns)) return false;
  process->stacks.emplace_back();
  uint64_t frames = 0;
  while (!parents.AtEnd()) {
    StackNode stack;
    uint32_t distance;
    if (!parents.Number32(&distance) || !locations.Number32(&stack.location)) return false;
    if (distance == 0 || distance > process->stacks.size()) return false;
    stack.parent = static_cast<uint32_t>(process->stacks.size() - distance);
    stack.location -= 1;
    const bool is_gap = stack.location == kNone;
    if (is_gap ? !gaps.Number(&stack.omitted) : stack.location >= process->locations.size()) {
      return false;
    }
    if (!is_gap) frames += process->locations[stack.location].frame_count;
    process->stacks.push_back(stack);
  }
  return frames / kMostFramesPerLocation <= process->stacks.size();
}

}  // namespace heapcrest
