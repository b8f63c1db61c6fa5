// Columns of numbers as bytes, and bytes as text that a page can carry.
//
// Numbers are varints (profiler/format/varint.h): a column of small ones deflates to a fraction of
// a byte each. viewer/page/decode.js reads them.
//
// Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace heapcrest {

class Packer {
 public:
  void Number(uint64_t value);
  void Signed(int64_t value);
  void Double(double value);
  void Bytes(std::string_view bytes) { bytes_.append(bytes); }

  const std::string& bytes() const { return bytes_; }
  size_t size() const { return bytes_.size(); }
  void Clear() { bytes_.clear(); }

 private:
  std::string bytes_;
};

// Deflated (zlib), then base64: letters, digits, + / =.
std::string Deflated(std::string_view bytes);

}  // namespace heapcrest
