// Loads from Python's objects at the offsets of a layout, with the checks that keep a pointer that
// is none from being followed.
//
// Thread-safe. Called from hooks: yes (slow path). Allocates: never.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "profiler/guarded_read.h"
#include "profiler/python/interpreter.h"

namespace heapcrest {

template <typename T>
inline T Load(const uint8_t* at) {
  T value;
  memcpy(&value, at, sizeof(value));
  return value;
}

// Null for what cannot be the address of an object: unaligned, the first page, the kernel's half.
inline const uint8_t* AsPointer(uint64_t value) {
  const bool is_plausible = value >= 4096 && value >> 47 == 0 && value % 8 == 0;
  return is_plausible ? reinterpret_cast<const uint8_t*>(value) : nullptr;
}

inline const uint8_t* LoadPointer(const uint8_t* at) { return AsPointer(Load<uint64_t>(at)); }

// Since 3.14 the low bits of a frame's references are marks.
inline const uint8_t* LoadTaggedPointer(const uint8_t* at) {
  return AsPointer(Load<uint64_t>(at) & ~uint64_t{7});
}

inline bool IsOfType(const PythonInterpreter& python, const uint8_t* object, const void* type) {
  return object != nullptr &&
         Load<uint64_t>(object + python.layout.object.type) == reinterpret_cast<uint64_t>(type);
}

}  // namespace heapcrest
