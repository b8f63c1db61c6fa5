// Python's texts and bytes, read in place.
//
// Thread-safe for objects that the caller keeps alive. Called from hooks: yes (slow path).
// Allocates: never.
#pragma once

#include <cstddef>
#include <cstdint>

#include "profiler/python/interpreter.h"

namespace heapcrest {

// Where the characters or bytes of an object stand.
struct PythonBytes {
  const uint8_t* data = nullptr;
  size_t count = 0;    // characters of `width` bytes
  unsigned width = 1;  // 1, 2 or 4
  size_t bytes() const { return count * width; }
};

// Empty for an object that is not a str (not bytes) of a usual form.
PythonBytes TextOf(const PythonInterpreter& python, const uint8_t* object);
PythonBytes BytesOf(const PythonInterpreter& python, const uint8_t* object);

// Writes a text as UTF-8, cut where `room` ends; returns how many bytes. A lone surrogate that
// stands for a byte of a file's name (surrogateescape) becomes that byte.
size_t PutUtf8(const PythonBytes& text, char* out, size_t room);

}  // namespace heapcrest
