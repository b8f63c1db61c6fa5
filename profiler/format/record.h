// The records inside a chunk. Each is
//
//   kind (1 byte) · payload length (varint) · payload
//
// so a reader skips kinds that it does not know and ignores fields behind those that it does.
// Times are nanoseconds since the record before it in the chunk (the chunk's base for the first).
//
//   kAllocation  time, size, stack id, overhead, domain, finer   one sample; its id is
//                MakeSampleId(chunk, n) for the n-th allocation of the chunk, n from 0. Overhead:
//                1 + what the block takes of the heap beyond its size; 0: a block that kCounts
//                leaves out. Domain: absent for malloc's. Finer: absent for 0; the sample was taken
//                at the capture's interval >> finer
//   kFree        time, zigzag(chunk - own chunk), index     of the sample that was freed
//   kStack       id, epoch, omitted, gap, shared, then zigzag deltas of return addresses
//   kMapping     epoch, start, end, bias, build id length, build id, path (the rest)
//   kThread      index, tid, name (the rest)  the records behind it are of this thread
//   kCounts      time, allocated, requested bytes, freed, zigzag(live block bytes): struct Counts
//   kObjectCounts   time, then for each size class that has any: its number, objects allocated,
//                bytes requested              Python's small objects; kCounts leaves them out
//   kLiveObjects  time, zigzag(objects), zigzag(pool bytes)   struct LiveObjects; stands with every
//                kObjectCounts if what is freed is counted too
//   kChildEnd    time, pid, wait status       a child that this process waited for
//   kCommand     arguments, each ended by NUL; the first is the path of the executable
//   kPythonCode  id, form of the line table, first line, length of the file, file, name (the rest)
//   kPythonLines id, a piece of the line table (the rest), in order
//   kPythonType  id, name (the rest)
//   kObjectType  zigzag(chunk - own chunk), index, id of the type     of a sample that is an object
//   kUnknownPython   PY_VERSION_HEX of an interpreter whose frames cannot be read
//
// Stacks run from the root to the allocating frame. `shared` outermost frames equal those of the
// stack record before it in the chunk; addresses are deltas from the frame outside. `omitted`
// frames were left out of a stack that is too deep, after the first `gap` frames. An `epoch` counts
// how often libraries were unloaded: a stack's addresses belong to the mappings of its epoch.
// An address with kPythonFrameBit is a Python frame: which code object, at which instruction.
//
// Writers: Put... append to memory that the caller sized. Thread-safe: pure functions. Called from
// hooks: yes. Allocates: never.
#pragma once

#include <cstddef>
#include <cstdint>

#include "profiler/format/capture_format.h"
#include "profiler/format/python_objects.h"

namespace heapcrest {

enum class RecordKind : uint8_t {
  kAllocation = 1,
  kFree = 2,
  kStack = 3,
  kMapping = 4,
  kThread = 5,
  kCommand = 6,
  kChildEnd = 7,
  kCounts = 8,
  kPythonCode = 16,
  kPythonLines = 17,
  kUnknownPython = 18,
  kObjectCounts = 19,
  kPythonType = 20,
  kObjectType = 21,
  kLiveObjects = 22,
};

// Whose block it is.
enum class Domain : uint64_t {
  kMalloc = 0,
  kPythonObject = 1,  // python_objects.h
};

// A sample may have been taken at up to 1/2^kMostFiner of the interval.
inline constexpr uint64_t kMostFiner = 4;

// A Python frame in the place of an address, where no process has code.
inline constexpr uint64_t kPythonFrameBit = uint64_t{1} << 62;
inline constexpr unsigned kPythonInstructionBits = 22;
inline constexpr uint64_t kNoPythonInstruction = (uint64_t{1} << kPythonInstructionBits) - 1;
inline constexpr uint64_t kMaxPythonCodeId = (uint64_t{1} << 39) - 1;
// `instruction` counts code units, two bytes each. REQUIRES: within the limits above.
inline constexpr uint64_t MakePythonFrame(uint64_t code_id, uint64_t instruction) {
  return kPythonFrameBit | code_id << kPythonInstructionBits | instruction;
}
constexpr bool IsPythonFrame(uint64_t address) { return (address & kPythonFrameBit) != 0; }

// The type of an object in the place of an address: the innermost frame of its stack, where a
// reader puts it. No code object's number is so large as to reach this bit.
inline constexpr uint64_t kPythonTypeBit = uint64_t{1} << 61;
inline constexpr uint64_t kMaxPythonTypeId = (uint64_t{1} << 60) - 1;
static_assert(kMaxPythonCodeId << kPythonInstructionBits < kPythonTypeBit);

// What a code object's table of lines looks like.
enum class PythonLines : uint8_t {
  kLineNumberTable = 1,  // co_lnotab, to 3.9
  kLineTable = 2,        // co_linetable of 3.10
  kLocationTable = 3,    // co_linetable since 3.11
};

// More frames than this are never written; both ends of a deeper stack are kept.
inline constexpr uint32_t kMaxStackFrames = 2048;
inline constexpr size_t kMaxBuildIdBytes = 64;
inline constexpr size_t kMaxPathBytes = 4096;
inline constexpr size_t kMaxCommandBytes = size_t{32} * 1024;
inline constexpr size_t kMaxPythonTextBytes = 4096;    // a file, a name
inline constexpr size_t kMaxPythonLinesBytes = 16384;  // in one record

// Upper bounds of a whole record, kind and length included.
inline constexpr size_t kMaxEventBytes = 64;
inline constexpr size_t kMaxObjectCountsBytes = 64 + kObjectClasses * 16;
inline constexpr size_t MaxStackBytes(size_t frames) { return 64 + frames * 10; }
inline constexpr size_t kMaxStackBytes = MaxStackBytes(kMaxStackFrames);
inline constexpr size_t kMaxRecordBytes = kMaxCommandBytes + 64;
static_assert(kMaxRecordBytes + sizeof(ChunkHeader) <= kChunkBytes);
static_assert(kMaxStackBytes <= kMaxRecordBytes);

struct AllocationRecord {
  uint64_t size;
  uint64_t stack_id;
  uint64_t overhead;
  Domain domain = Domain::kMalloc;
  uint64_t finer = 0;
};

struct StackRecord {
  uint64_t id;
  uint64_t epoch;
  uint64_t omitted;           // frames left out,
  uint64_t gap;               // after this many of `addresses`
  const uint64_t* addresses;  // root first
  size_t count;
  size_t shared;  // of them, equal to the record before
};

struct MappingRecord {
  uint64_t epoch;
  uint64_t start, end;  // the addresses it occupies
  uint64_t bias;        // address minus the ELF file's own address
  const uint8_t* build_id;
  size_t build_id_bytes;
  const char* path;
  size_t path_bytes;
};

struct PythonCodeRecord {
  uint64_t id;
  PythonLines lines;
  uint64_t first_line;
  const char* file;
  size_t file_bytes;
  const char* name;
  size_t name_bytes;
};

// A thread says what it counted before the process's live bytes are more than this beyond the
// highest that was said before.
constexpr int64_t PeakStep(int64_t peak_bytes) {
  constexpr int64_t kLeast = 4096;
  return peak_bytes / 512 > kLeast ? peak_bytes / 512 : kLeast;
}

// What a thread did since it last said so, exactly.
struct Counts {
  uint64_t allocated;        // blocks
  uint64_t requested_bytes;  // by the program
  uint64_t freed;            // blocks
  int64_t live_block_bytes;  // how much more of the heap its blocks take: headers and padding too
};

// Each returns the position behind what it wrote at `out`.
// REQUIRES: room for kMaxEventBytes (allocation, free, thread, child end, counts, live objects,
// object type; type with its name besides), kMaxStackBytes (stack), kMaxObjectCountsBytes or
// kMaxRecordBytes (the others) at `out`; sizes within the limits above.
uint8_t* PutAllocation(uint8_t* out, uint64_t time_delta_ns, const AllocationRecord& allocation);
uint8_t* PutFree(uint8_t* out, uint64_t time_delta_ns, uint32_t own_chunk, uint64_t sample_id);
uint8_t* PutStack(uint8_t* out, const StackRecord& stack);
uint8_t* PutMapping(uint8_t* out, const MappingRecord& mapping);
uint8_t* PutThread(uint8_t* out, uint64_t index, uint64_t tid, const char* name, size_t name_bytes);
uint8_t* PutChildEnd(uint8_t* out, uint64_t time_delta_ns, uint64_t pid, uint64_t wait_status);
uint8_t* PutCounts(uint8_t* out, uint64_t time_delta_ns, const Counts& counts);
uint8_t* PutObjectCounts(uint8_t* out, uint64_t time_delta_ns, const ObjectCounts& counts);
uint8_t* PutLiveObjects(uint8_t* out, uint64_t time_delta_ns, const LiveObjects& change);
uint8_t* PutCommand(uint8_t* out, const char* arguments, size_t bytes);
uint8_t* PutPythonCode(uint8_t* out, const PythonCodeRecord& code);
uint8_t* PutPythonType(uint8_t* out, uint64_t type_id, const char* name, size_t name_bytes);
uint8_t* PutObjectType(uint8_t* out, uint32_t own_chunk, uint64_t sample_id, uint64_t type_id);
uint8_t* PutUnknownPython(uint8_t* out, uint64_t version_hex);
uint8_t* PutPythonLines(uint8_t* out, uint64_t code_id, const uint8_t* lines, size_t bytes);

}  // namespace heapcrest
