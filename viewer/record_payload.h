// What is left of a record's payload (profiler/format/record.h) while it is decoded.
//
// Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "profiler/format/varint.h"

namespace heapcrest {

// Each call is false when the payload does not hold what is asked for.
class RecordPayload {
 public:
  RecordPayload(const uint8_t* begin, const uint8_t* end) : at_(begin), end_(end) {}

  bool Number(uint64_t* value) { return GetVarint(&at_, end_, value); }
  bool Numbers(std::initializer_list<uint64_t*> values) {
    for (uint64_t* value : values) {
      if (!Number(value)) return false;
    }
    return true;
  }
  bool AtEnd() const { return at_ == end_; }

  bool Bytes(size_t count, std::string* bytes) {
    if (static_cast<size_t>(end_ - at_) < count) return false;
    bytes->assign(reinterpret_cast<const char*>(at_), count);
    at_ += count;
    return true;
  }

  std::string_view Rest() const {
    return {reinterpret_cast<const char*>(at_), static_cast<size_t>(end_ - at_)};
  }

 private:
  const uint8_t* at_;
  const uint8_t* end_;
};

}  // namespace heapcrest
