// Columns of numbers as bytes, and bytes as text that a page can carry.
//
// A column says what its numbers are, then each takes as many bytes as the largest needs: a page
// has no faster way to read many, and deflated those of zeros are next to nothing.
// viewer/page/decode.js reads them.
//
// Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace heapcrest {

class Packer {
 public:
  void Column(const std::vector<int64_t>& values);  // exact up to 2^53

  // Of one value of each item.
  template <typename Items, typename ValueOf>
  void Column(const Items& items, const ValueOf& value_of) {
    Column(Values<int64_t>(items, value_of));
  }

  template <typename Items, typename ValueOf>
  void Doubles(const Items& items, const ValueOf& value_of) {
    Doubles(Values<double>(items, value_of));
  }

  // Each value but the first less the one before it.
  template <typename Items, typename ValueOf>
  void Deltas(const Items& items, const ValueOf& value_of) {
    std::vector<int64_t> values = Values<int64_t>(items, value_of);
    uint64_t last = 0;  // hostile numbers wrap around
    for (int64_t& value : values) {
      const auto now = static_cast<uint64_t>(value);
      value = static_cast<int64_t>(now - std::exchange(last, now));
    }
    Column(values);
  }

  void Number(uint64_t value) { Column({static_cast<int64_t>(value)}); }
  void Bytes(std::string_view bytes) { bytes_.append(bytes); }

  const std::string& bytes() const { return bytes_; }
  size_t size() const { return bytes_.size(); }
  void Clear() { bytes_.clear(); }

 private:
  void Doubles(const std::vector<double>& values);

  template <typename Value, typename Items, typename ValueOf>
  static std::vector<Value> Values(const Items& items, const ValueOf& value_of) {
    std::vector<Value> values;
    values.reserve(items.size());
    for (const auto& item : items) values.push_back(static_cast<Value>(value_of(item)));
    return values;
  }

  std::string bytes_;
};

// Deflated (zlib), then base64: letters, digits, + / =.
std::string Deflated(std::string_view bytes);

}  // namespace heapcrest
