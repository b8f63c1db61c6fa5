// What a profile holds, in memory: the processes of one run, their samples, stacks and symbols.
// The data model at the bottom of the viewer; it knows neither files nor ELF.
//
// Ids are indices into the vectors beside them. Everything that a profile says in text (function
// names, paths, arguments) is hostile: bytes of any kind and length.
//
// Not thread-safe.
#pragma once

#include <algorithm>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "profiler/format/python_objects.h"

namespace heapcrest {

inline constexpr uint32_t kNone = UINT32_MAX;
inline constexpr uint64_t kStillLive = UINT64_MAX;

// Each text once; id 0 is the empty text.
class StringTable {
 public:
  StringTable();
  StringTable(StringTable&&) = default;  // not copyable: texts_ looks into ids_
  StringTable& operator=(StringTable&&) = default;

  uint32_t Intern(std::string_view text);
  std::string_view operator[](uint32_t id) const { return texts_[id]; }
  size_t size() const { return texts_.size(); }

 private:
  std::unordered_map<std::string, uint32_t> ids_;  // node-based: keys never move
  std::vector<std::string_view> texts_;
};

// One function at one place in a source, as symbolized. Texts are ids in Recording::strings.
struct Frame {
  uint32_t function = 0;  // demangled; without symbols "libfoo.so+0x1234"
  uint32_t file = 0;      // empty: unknown
  uint32_t line = 0;      // 0: unknown
  uint32_t module = 0;    // path of the executable or library; empty: unknown
  // clang-tidy 14 takes the 0 behind <=> for a pointer.
  friend auto operator<=>(const Frame&, const Frame&) = default;  // NOLINT(modernize-use-nullptr)
};

// One return address while one set of libraries was loaded (its epoch).
struct Location {
  uint64_t epoch = 0;
  uint64_t address = 0;
  // The frames that it stands for, innermost first: inlined functions, then the one that holds
  // them. Indices into Recording::frames; empty until symbolized.
  uint32_t first_frame = 0;
  uint32_t frame_count = 0;
  // So many of them, from the innermost on, are inlined into an interpreter's evaluation loop: what
  // it does for the last of the Python frames that it runs, and so behind them (call_tree.cc).
  uint32_t in_evaluation = 0;
};

// Stacks are a tree: a stack is the node of its innermost location. Node 0 is the root.
// Parents come before their children.
struct StackNode {
  uint32_t parent = 0;
  uint32_t location = kNone;  // kNone with `omitted` > 0: a gap in a stack that was too deep;
  uint64_t omitted = 0;       // kNone with 0: a stack that was lost (Recording::lost_stack_frame)
};

// One recorded allocation. Sorted by allocated_ns within a process.
struct Sample {
  uint64_t size = 0;          // requested bytes
  uint64_t allocated_ns = 0;  // since the process's start
  uint64_t freed_ns = kStillLive;
  uint32_t stack = 0;   // a StackNode
  uint32_t thread = 0;  // index into Process::threads
  // 1 + what the block takes of the heap beyond its size; 0: unknown, a block that nobody counts.
  uint32_t overhead = 0;
  uint8_t finer = 0;       // taken at 1/2^finer of the process's interval
  bool is_object = false;  // one of Python's (profiler/format/python_objects.h), no malloc block

  bool IsLiveAt(uint64_t time_ns) const { return allocated_ns <= time_ns && freed_ns > time_ns; }
};

// A place in the sequence of a process's events (event_order.h): behind so many of either kind.
struct Moment {
  uint64_t time_ns = 0;  // since the process's start
  size_t allocations = 0;
  size_t frees = 0;
};

// What was live at a moment, exactly.
struct HeapPoint {
  Moment at;
  int64_t block_bytes = 0;  // of the heap, with what the allocator adds to each block
  int64_t blocks = 0;
  int64_t object_bytes = 0;  // of Python's small objects, as pymalloc rounds them up
  int64_t objects = 0;
};

// What the profiler counted beside the samples. Without points: nothing, or not every block.
struct HeapCounts {
  std::vector<HeapPoint> points;  // in order; the last is the end
  uint64_t allocated_blocks = 0;  // in total
  uint64_t requested_bytes = 0;   // in total
  ObjectCounts objects = {};      // Python's, in total; the figures above leave them out
  bool has_live_objects = false;  // the points know them

  bool has_objects() const {
    return std::any_of(objects.begin(), objects.end(),
                       [](const ObjectCount& count) { return count.objects != 0; });
  }
};

// What the process held in RAM, seen from outside while it ran.
struct ResidentPoint {
  uint64_t time_ns = 0;  // since the process's start
  int64_t bytes = 0;
};

// The same by kind (profiler/launch/resident_parts.h), about when it was most. In bytes.
struct ResidentKinds {
  uint64_t time_ns = 0;
  int64_t heaps = 0, anonymous = 0, stacks = 0, files = 0, profiler = 0;

  int64_t total() const { return heaps + anonymous + stacks + files + profiler; }
};

struct Resident {
  std::vector<ResidentPoint> points;  // in order
  std::optional<ResidentKinds> most;
};

struct Mapping {
  uint64_t epoch = 0;
  uint64_t start = 0, end = 0;
  uint64_t bias = 0;
  std::string path;
  std::string build_id;  // raw bytes
};

// One of Python's code objects: a function, a class body, a module.
struct PythonCode {
  uint64_t id = 0;
  uint8_t lines_form = 0;  // PythonLines
  uint32_t first_line = 0;
  std::string file, name;
  std::string lines;  // raw bytes
};

// A type that objects of Python's are of.
struct PythonType {
  uint64_t id = 0;
  std::string name;
};

struct Thread {
  uint64_t index = 0;
  uint64_t tid = 0;
  std::string name;
};

// How a process ended, as far as anyone knows.
struct Exit {
  enum class Kind { kUnknown, kExited, kSignaled, kStillRunning, kExeced };
  Kind kind = Kind::kUnknown;
  int code = 0;                // exit status or signal number
  bool out_of_memory = false;  // killed by the kernel for memory
};

// What a process learned by waiting for a child.
struct ChildExit {
  uint32_t pid = 0;
  uint64_t monotonic_ns = 0;
  Exit exit;
};

struct Process {
  uint32_t pid = 0, parent_pid = 0;
  std::vector<std::string> command;
  std::string executable;
  uint64_t interval_bytes = 0;
  uint64_t start_monotonic_ns = 0;  // one clock for all processes of a run
  uint64_t start_realtime_ns = 0;
  uint64_t duration_ns = 0;  // to its end, or to the last record
  Exit exit;
  uint32_t stop_errno = 0;  // recording stopped early: why
  uint64_t lost_records = 0;
  std::vector<Mapping> mappings;
  std::vector<Thread> threads;
  std::vector<PythonCode> python_code;   // of a capture; a profile has it in its frames
  std::vector<PythonType> python_types;  // the same
  uint32_t unknown_python = 0;           // of a capture: PY_VERSION_HEX; 0: none
  bool has_own_malloc = false;           // of a capture: where nothing was recorded, this is why
  bool sizes_tell = false;               // of a capture: TelltaleBytes more for each of its samples
  std::vector<Location> locations;
  std::vector<StackNode> stacks;
  std::vector<Sample> samples;
  HeapCounts counts;
  Resident resident;
  std::vector<ChildExit> child_exits;  // of a capture; a profile has them in its processes' exits
};

// The text of a line that frames name, for reports. Texts are ids in Recording::strings.
struct SourceLine {
  uint32_t file = 0;
  uint32_t line = 0;
  uint32_t text = 0;  // without the blanks around it
};

struct Recording {
  StringTable strings;
  std::vector<Frame> frames;
  std::vector<SourceLine> source;      // where it was readable at the end of the run
  uint32_t lost_stack_frame = kNone;   // what stands for stacks that never reached the capture
  uint32_t not_sampled_frame = kNone;  // what stands for bytes that were counted and never sampled
  std::vector<Process> processes;      // by start
  std::vector<std::string> warnings;   // e.g. cut short: shown to the user, the rest is valid
};

}  // namespace heapcrest
