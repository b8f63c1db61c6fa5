// Loads from Python's objects at the offsets of a layout, with the checks that keep a pointer that
// is none from being followed.
//
// Thread-safe. Called from hooks: yes (slow path). Allocates: never.
#pragma once

#include <sys/uio.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

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

// Of memory that may be gone: the kernel reads it, and says so. A system call, and changes errno.
inline bool ReadGuarded(const uint8_t* at, void* out, size_t bytes) {
  const iovec local = {out, bytes};
  const iovec remote = {const_cast<uint8_t*>(at), bytes};
  return process_vm_readv(getpid(), &local, 1, &remote, 1, 0) == static_cast<ssize_t>(bytes);
}

inline bool IsOfType(const PythonInterpreter& python, const uint8_t* object, const void* type) {
  return object != nullptr &&
         Load<uint64_t>(object + python.layout.object.type) == reinterpret_cast<uint64_t>(type);
}

}  // namespace heapcrest
