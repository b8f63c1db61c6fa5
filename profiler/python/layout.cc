#include "profiler/python/layout.h"

#include <cstring>

namespace heapcrest {
namespace {

constexpr uint32_t kNo = PythonLayout::kAbsent;

// The header of every object, bytes and texts, before and since 3.12 (wstr went).
constexpr decltype(PythonLayout::object) kObjects38 = {8, 16, 32, 16, 32, 2, 48, 72};
constexpr decltype(PythonLayout::object) kObjects312 = {8, 16, 32, 16, 32, 2, 40, 56};

constexpr auto kEveryFrame = PythonLayout::Border::kEveryFrame;
constexpr auto kEntryFlag = PythonLayout::Border::kEntryFlag;
constexpr auto kShim = PythonLayout::Border::kShim;

constexpr PythonLayout kPython38 = {kEveryFrame,
                                    PythonLines::kLineNumberTable,
                                    false,
                                    {176, 24, kNo},
                                    {kNo, kNo},
                                    {24, 32, 104, kNo, kNo},
                                    {104, 112, 40, 120, kNo},
                                    kObjects38};

constexpr PythonLayout kPython310 = {kEveryFrame,
                                     PythonLines::kLineTable,
                                     false,
                                     {176, 24, 48},
                                     {kNo, 8},
                                     {24, 32, 96, kNo, kNo},
                                     {104, 112, 40, 120, kNo},
                                     kObjects38};

constexpr PythonLayout kPython311 = {
    kEntryFlag,           PythonLines::kLocationTable, false,     {152, kNo, 56}, {8, 16},
    {48, 32, 56, 69, 68}, {112, 128, 72, 136, 184},    kObjects38};

constexpr PythonLayout kPython312 = {kShim,
                                     PythonLines::kLocationTable,
                                     false,
                                     {136, kNo, 56},
                                     {0, 8},
                                     {8, 0, 56, 70, kNo},
                                     {112, 128, 68, 136, 192},
                                     kObjects312};

// The words of _Py_DebugOffsets that we read, by their place behind cookie and version. Structs
// that grew in 3.14 move what stands behind them.
struct Places {
  size_t current_frame, thread_id;           // of a thread state
  size_t previous, executable, instruction;  // of a frame
  size_t owner;
  size_t filename, qualname, lines, first_line, instructions;  // of a code object
  size_t type;                                                 // of an object
  size_t bytes_size, bytes_data;
  size_t text_state, text_length, ascii_bytes;
};
constexpr Places kPlaces313 = {23, 24, 29, 30, 31, 33, 35, 37, 38, 39, 43, 45, 65, 66, 68, 69, 70};
constexpr Places kPlaces314 = {26, 27, 32, 33, 34, 36, 40, 42, 43, 44, 48, 51, 75, 76, 78, 79, 80};
constexpr size_t kFreeThreaded = 2;
constexpr size_t kOffsetsBytes = 81 * sizeof(uint64_t);
constexpr uint64_t kMostOffset = 1 << 16;  // no struct of these is larger

bool ReadOffsets(const void* runtime, uint32_t version, const Places& at, PythonLayout* layout) {
  uint64_t words[kOffsetsBytes / sizeof(uint64_t)];
  memcpy(words, runtime, sizeof(words));
  if (memcmp(words, "xdebugpy", 8) != 0 || words[1] >> 16 != version >> 16) return false;
  bool in_bounds = true;
  const auto offset = [&](size_t place) {
    in_bounds = in_bounds && words[place] < kMostOffset;
    return static_cast<uint32_t>(words[place]);
  };
  const bool has_threads = words[kFreeThreaded] != 0;
  // Where the state of a text is more than two bits of interning before its kind: no offset says.
  const uint32_t kind_shift = version >> 16 >= 0x030e ? 16 : has_threads ? 8 : 2;
  const uint32_t ascii = offset(at.ascii_bytes);
  *layout = {
      kShim,
      PythonLines::kLocationTable,
      has_threads,
      {offset(at.thread_id), offset(at.current_frame), kNo},
      {kNo, kNo},
      {offset(at.previous), offset(at.executable), offset(at.instruction), offset(at.owner), kNo},
      {offset(at.filename), offset(at.qualname), offset(at.first_line), offset(at.lines),
       offset(at.instructions)},
      {offset(at.type), offset(at.bytes_size), offset(at.bytes_data), offset(at.text_length),
       offset(at.text_state), kind_shift, ascii, ascii + 16}};
  // What every version of these structs has in common: had a field moved, it would show.
  const auto& object = layout->object;
  return in_bounds && object.bytes_data == object.bytes_size + 16 &&
         object.text_state == object.text_length + 16 &&
         object.ascii_data == object.text_state + 8 &&
         layout->code.name == layout->code.filename + 16;
}

}  // namespace

bool LayoutOfPython(uint32_t version_hex, const void* runtime, size_t runtime_bytes,
                    PythonLayout* layout) {
  switch (version_hex >> 16) {
    case 0x0308:
    case 0x0309:
      *layout = kPython38;
      return true;
    case 0x030a:
      *layout = kPython310;
      return true;
    case 0x030b:
      *layout = kPython311;
      return true;
    case 0x030c:
      *layout = kPython312;
      return true;
    case 0x030d:
    case 0x030e: {
      const Places& places = version_hex >> 16 == 0x030d ? kPlaces313 : kPlaces314;
      return runtime != nullptr && runtime_bytes >= kOffsetsBytes &&
             ReadOffsets(runtime, version_hex, places, layout);
    }
    default:
      return false;
  }
}

}  // namespace heapcrest
