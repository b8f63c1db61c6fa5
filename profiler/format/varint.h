// Variable-length integers: seven bits a byte, least significant first (LEB128), at most ten bytes.
// Zigzag maps small negative numbers to small unsigned ones.
//
// Thread-safe: pure functions. Called from hooks: yes. Allocates: never.
#pragma once

#include <cstddef>
#include <cstdint>

namespace heapcrest {

inline constexpr size_t kMaxVarintBytes = 10;

// Writes `value` at `out` and returns the position behind it.
// REQUIRES: kMaxVarintBytes writable bytes at `out`.
inline uint8_t* PutVarint(uint8_t* out, uint64_t value) {
  while (value >= 0x80) {
    *out++ = static_cast<uint8_t>(value | 0x80);
    value >>= 7;
  }
  *out++ = static_cast<uint8_t>(value);
  return out;
}

// Reads a number in [*in, end), moves *in behind it. False when it is cut or longer than 64 bits;
// *in is then unspecified.
inline bool GetVarint(const uint8_t** in, const uint8_t* end, uint64_t* value) {
  uint64_t result = 0;
  for (unsigned shift = 0; shift < 64 && *in != end; shift += 7) {
    const uint64_t byte = *(*in)++;
    if (shift == 63 && byte > 1) return false;
    result |= (byte & 0x7f) << shift;
    if (byte < 0x80) {
      *value = result;
      return true;
    }
  }
  return false;
}

inline constexpr uint64_t Zigzag(int64_t value) {
  return (static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63);
}

inline constexpr int64_t Unzigzag(uint64_t value) {
  return static_cast<int64_t>((value >> 1) ^ (~(value & 1) + 1));
}

}  // namespace heapcrest
