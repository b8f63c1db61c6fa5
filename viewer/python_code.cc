#include "viewer/python_code.h"

#include <algorithm>
#include <string>

#include "profiler/format/record.h"
#include "profiler/format/varint.h"

namespace heapcrest {
namespace {

bool TakeNumber(std::string_view* payload, uint64_t* value) {
  const auto* begin = reinterpret_cast<const uint8_t*>(payload->data());
  const uint8_t* at = begin;
  if (!GetVarint(&at, begin + payload->size(), value)) return false;
  payload->remove_prefix(static_cast<size_t>(at - begin));
  return true;
}

uint8_t ByteAt(const std::string& bytes, size_t at) { return static_cast<uint8_t>(bytes[at]); }

// A number in six-bit groups, least significant first; *at moves behind it.
uint64_t TakeSixBits(const std::string& bytes, size_t* at) {
  uint64_t value = 0;
  for (unsigned shift = 0; *at < bytes.size() && shift < 60; shift += 6) {
    const uint8_t byte = ByteAt(bytes, (*at)++);
    value |= uint64_t{byte & 0x3fu} << shift;
    if ((byte & 0x40) == 0) break;
  }
  return value;
}

int64_t Signed(uint64_t value) {
  const auto magnitude = static_cast<int64_t>(value >> 1);
  return (value & 1) != 0 ? -magnitude : magnitude;
}

}  // namespace

bool PythonCodeReader::AddCode(std::string_view payload) {
  PythonCode code;
  uint64_t lines = 0, first_line = 0, file_bytes = 0;
  for (uint64_t* number : {&code.id, &lines, &first_line, &file_bytes}) {
    if (!TakeNumber(&payload, number)) return false;
  }
  if (lines > UINT8_MAX || first_line > UINT32_MAX || file_bytes > payload.size()) return false;
  code.lines_form = static_cast<uint8_t>(lines);
  code.first_line = static_cast<uint32_t>(first_line);
  code.file = payload.substr(0, file_bytes);
  code.name = payload.substr(file_bytes);
  const auto [entry, is_new] = index_of_id_.try_emplace(code.id, process_->python_code.size());
  if (is_new) process_->python_code.push_back(std::move(code));
  return true;
}

bool PythonCodeReader::AddLines(std::string_view payload) {
  uint64_t id;
  if (!TakeNumber(&payload, &id)) return false;
  const auto entry = index_of_id_.find(id);
  if (entry != index_of_id_.end()) process_->python_code[entry->second].lines += payload;
  return true;
}

bool PythonCodeReader::AddUnknown(std::string_view payload) {
  uint64_t version;
  if (!TakeNumber(&payload, &version) || version > UINT32_MAX) return false;
  process_->unknown_python = static_cast<uint32_t>(version);
  return true;
}

std::string_view PythonModuleOf(std::string_view file) {
  if (file.starts_with('<')) return "";
  for (const std::string_view folder : {"/site-packages/", "/dist-packages/", "/lib/"}) {
    const size_t found = file.rfind(folder);
    if (found == std::string_view::npos) continue;
    const size_t name = found + folder.size();
    if (folder == "/lib/" && !file.substr(name).starts_with("python3.")) continue;
    return file.substr(0, file.find('/', name));
  }
  return file;
}

PythonLineTable::PythonLineTable(const PythonCode& code) {
  switch (static_cast<PythonLines>(code.lines_form)) {
    case PythonLines::kLineNumberTable:
      DecodeLineNumberTable(code);
      break;
    case PythonLines::kLineTable:
      DecodeLineTable(code);
      break;
    case PythonLines::kLocationTable:
      DecodeLocationTable(code);
      break;
  }
}

void PythonLineTable::Add(uint64_t instruction, int64_t line) {
  const bool is_line = line > 0 && line <= UINT32_MAX;
  lines_.emplace_back(instruction, is_line ? static_cast<uint32_t>(line) : 0);
}

void PythonLineTable::DecodeLineNumberTable(const PythonCode& code) {
  uint64_t bytes = 0;
  int64_t line = code.first_line;
  Add(0, line);
  for (size_t i = 0; i + 1 < code.lines.size(); i += 2) {
    bytes += ByteAt(code.lines, i);
    line += static_cast<int8_t>(code.lines[i + 1]);
    Add(bytes / 2, line);
  }
}

void PythonLineTable::DecodeLineTable(const PythonCode& code) {
  constexpr int8_t kNoLine = -128;
  uint64_t bytes = 0;
  int64_t line = code.first_line;
  for (size_t i = 0; i + 1 < code.lines.size(); i += 2) {
    const auto delta = static_cast<int8_t>(code.lines[i + 1]);
    if (delta != kNoLine) line += delta;
    Add(bytes / 2, delta == kNoLine ? 0 : line);
    bytes += ByteAt(code.lines, i);
  }
  Add(bytes / 2, 0);
}

void PythonLineTable::DecodeLocationTable(const PythonCode& code) {
  constexpr unsigned kNoLine = 15, kLong = 14, kNoColumns = 13, kOneLine = 10;
  uint64_t instruction = 0;
  int64_t line = code.first_line;
  size_t at = 0;
  while (at < code.lines.size() && (ByteAt(code.lines, at) & 0x80) != 0) {
    const uint8_t head = ByteAt(code.lines, at++);
    const unsigned form = (head >> 3) & 15;
    if (form == kLong || form == kNoColumns) line += Signed(TakeSixBits(code.lines, &at));
    if (form >= kOneLine && form < kNoColumns) line += form - kOneLine;
    Add(instruction, form == kNoLine ? 0 : line);
    instruction += (head & 7u) + 1;
    // Columns: only the first byte of an entry has its high bit set.
    while (at < code.lines.size() && (ByteAt(code.lines, at) & 0x80) == 0) ++at;
  }
  Add(instruction, 0);
}

uint32_t PythonLineTable::LineOf(uint64_t instruction) const {
  // The last of those that begin at or before it: an entry may be empty.
  const auto behind =
      std::upper_bound(lines_.begin(), lines_.end(), instruction,
                       [](uint64_t value, const auto& entry) { return value < entry.first; });
  return behind == lines_.begin() ? 0 : (behind - 1)->second;
}

}  // namespace heapcrest
