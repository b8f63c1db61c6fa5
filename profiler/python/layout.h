// Where CPython keeps what we read: byte offsets into its structs, for each version.
//
// 3.8 to 3.12 are tables, taken from the headers of those versions: within a minor version the
// structs are frozen. 3.13 and later say it themselves (_Py_DebugOffsets, the first member of
// _PyRuntime), free-threaded builds too. An unknown version has no layout: native frames only.
//
// Thread-safe: pure functions. Called from hooks: yes. Allocates: never.
#pragma once

#include <cstddef>
#include <cstdint>

#include "profiler/format/record.h"

namespace heapcrest {

struct PythonLayout {
  static constexpr uint32_t kAbsent = UINT32_MAX;

  // How Python frames and C evaluation frames belong together.
  enum class Border : uint8_t {
    kEveryFrame,  // 3.8 to 3.10: one C frame for each Python frame
    kEntryFlag,   // 3.11: the outermost Python frame of a C frame is flagged
    kShim,        // 3.12 on: a frame on the C stack itself stands behind it
  };
  Border border;
  PythonLines lines;
  bool free_threaded;

  struct {
    uint32_t thread_id;      // pthread_self
    uint32_t current_frame;  // with `c_frame`: of that one
    uint32_t c_frame;        // 3.10 to 3.12: the newest of a chain on the C stack
  } thread;
  struct {
    uint32_t current_frame;
    uint32_t previous;
  } c_frame;
  struct {
    uint32_t previous;
    uint32_t code;
    uint32_t instruction;  // an index before 3.11, a pointer since
    uint32_t owner;
    uint32_t is_entry;
  } frame;
  struct {
    uint32_t filename;
    uint32_t name;  // qualified since 3.11
    uint32_t first_line;
    uint32_t lines;
    uint32_t instructions;  // since 3.11
  } code;
  struct {
    uint32_t type;
    uint32_t bytes_size;
    uint32_t bytes_data;
    uint32_t text_length;
    uint32_t text_state;
    uint32_t text_kind_shift;  // of its bit field: three bits; then one each: compact, ASCII
    uint32_t ascii_data;
    uint32_t text_data;  // of a compact one that is not ASCII
  } object;
};

// The layout of the interpreter with this PY_VERSION_HEX. `runtime` is its _PyRuntime, looked at
// from 3.13 on. False: unknown.
bool LayoutOfPython(uint32_t version_hex, const void* runtime, size_t runtime_bytes,
                    PythonLayout* layout);

}  // namespace heapcrest
