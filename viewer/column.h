// Columns of numbers: the content of most blocks of a profile.
//
// Numbers of one kind stand side by side, where they compress best. Each is a varint
// (profiler/format/varint.h), signed ones zigzagged; a column begins with its length in bytes.
//
// Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "profiler/format/varint.h"

namespace heapcrest {

class ColumnWriter {
 public:
  void Number(uint64_t value) {
    uint8_t bytes[kMaxVarintBytes];
    const uint8_t* const end = PutVarint(bytes, value);
    content_.append(reinterpret_cast<const char*>(bytes), static_cast<size_t>(end - bytes));
  }
  void Signed(int64_t value) { Number(Zigzag(value)); }

  // The difference to the number before.
  void Delta(uint64_t value) {
    Signed(static_cast<int64_t>(value - previous_));
    previous_ = value;
  }

  void Bytes(std::string_view bytes) { content_ += bytes; }

  void AppendTo(std::string* block) const {
    ColumnWriter length;
    length.Number(content_.size());
    *block += length.content_;
    *block += content_;
  }

 private:
  std::string content_;
  uint64_t previous_ = 0;
};

// Reads what a ColumnWriter wrote; each call is false when the column does not hold it.
class ColumnReader {
 public:
  // Takes the first column off `block`.
  static bool TakeFrom(std::string_view* block, ColumnReader* column) {
    ColumnReader whole(*block);
    uint64_t bytes;
    if (!whole.Number(&bytes) || bytes > whole.Left()) return false;
    const std::string_view content(reinterpret_cast<const char*>(whole.at_), bytes);
    *column = ColumnReader(content);
    block->remove_prefix(static_cast<size_t>(content.end() - block->begin()));
    return true;
  }

  ColumnReader() = default;
  explicit ColumnReader(std::string_view content)
      : at_(reinterpret_cast<const uint8_t*>(content.data())), end_(at_ + content.size()) {}

  bool AtEnd() const { return at_ == end_; }
  size_t Left() const { return static_cast<size_t>(end_ - at_); }

  bool Number(uint64_t* value) { return GetVarint(&at_, end_, value); }

  bool Number32(uint32_t* value) {
    uint64_t wide;
    if (!Number(&wide) || wide > UINT32_MAX) return false;
    *value = static_cast<uint32_t>(wide);
    return true;
  }

  bool Signed(int64_t* value) {
    uint64_t zigzag;
    if (!Number(&zigzag)) return false;
    *value = Unzigzag(zigzag);
    return true;
  }

  bool Delta(uint64_t* value) {
    int64_t delta;
    if (!Signed(&delta)) return false;
    *value = previous_ += static_cast<uint64_t>(delta);
    return true;
  }

  bool Delta32(uint32_t* value) {
    uint64_t wide;
    if (!Delta(&wide) || wide > UINT32_MAX) return false;
    *value = static_cast<uint32_t>(wide);
    return true;
  }

  bool Bytes(size_t count, std::string_view* bytes) {
    if (count > Left()) return false;
    *bytes = {reinterpret_cast<const char*>(at_), count};
    at_ += count;
    return true;
  }

 private:
  const uint8_t* at_ = nullptr;
  const uint8_t* end_ = nullptr;
  uint64_t previous_ = 0;
};

}  // namespace heapcrest
