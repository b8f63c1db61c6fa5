// Reads the numbers that .eh_frame is made of: fixed, LEB128, and pointers in the encodings of the
// LSB (4.1, section 10.5.1).
//
// The memory is a loaded library's, which the dynamic loader vouches for: nothing is
// bounds-checked.
//
// Not thread-safe. Called from hooks: yes (slow path). Allocates: never.
#pragma once

#include <cstdint>
#include <cstring>

namespace heapcrest {

inline constexpr uint8_t kPointerOmitted = 0xff;
inline constexpr uint8_t kPointerPcRelative = 0x10;
inline constexpr uint8_t kPointerDataRelative = 0x30;
inline constexpr uint8_t kPointerSigned4 = 0x0b;

class DwarfCursor {
 public:
  explicit DwarfCursor(const uint8_t* at) : at_(at) {}
  const uint8_t* at() const { return at_; }
  void Skip(uint64_t bytes) { at_ += bytes; }

  template <typename T>
  T Fixed() {
    T value;
    memcpy(&value, at_, sizeof(value));
    at_ += sizeof(value);
    return value;
  }

  uint64_t Unsigned() {
    uint64_t result = 0;
    for (unsigned shift = 0;; shift += 7) {
      const uint8_t byte = *at_++;
      if (shift < 64) result |= static_cast<uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return result;
    }
  }

  int64_t Signed() {
    uint64_t result = 0;
    unsigned shift = 0;
    uint8_t byte;
    do {
      byte = *at_++;
      if (shift < 64) result |= static_cast<uint64_t>(byte & 0x7f) << shift;
      shift += 7;
    } while (byte >= 0x80);
    if (shift < 64 && (byte & 0x40) != 0) result |= ~uint64_t{0} << shift;
    return static_cast<int64_t>(result);
  }

  // False for an encoding that no x86-64 compiler uses here. `data` is the base of 0x30.
  bool Pointer(uint8_t encoding, uintptr_t data, uintptr_t* value) {
    const auto here = reinterpret_cast<uintptr_t>(at_);
    switch (encoding & 0x0f) {
      case 0x00:
      case 0x04:
      case 0x0c:
        *value = Fixed<uint64_t>();
        break;
      case 0x02:
        *value = Fixed<uint16_t>();
        break;
      case 0x03:
        *value = Fixed<uint32_t>();
        break;
      case 0x0a:
        *value = static_cast<uintptr_t>(int64_t{Fixed<int16_t>()});
        break;
      case 0x0b:
        *value = static_cast<uintptr_t>(int64_t{Fixed<int32_t>()});
        break;
      default:
        return false;
    }
    switch (encoding & 0xf0) {
      case 0x00:
        return true;
      case kPointerPcRelative:
        *value += here;
        return true;
      case kPointerDataRelative:
        *value += data;
        return true;
      default:
        return false;
    }
  }

 private:
  const uint8_t* at_;
};

}  // namespace heapcrest
