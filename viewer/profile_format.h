// The layout of a profile, the file that users keep: one or many processes, symbolized.
//
//   offset 0    magic, version, kind: the 16 bytes that all our files begin with
//   offset 16   blocks: BlockHeader, then stored_bytes of content
//
// A reader skips blocks of types that it does not know; within a block it ignores columns
// (column.h) behind those that it does. Blocks refer only to blocks before them. The last block is
// kEnd; a file without it was cut, and what stands before the cut is valid. Integers are
// little-endian. The whole: docs/file-format.md.
#pragma once

#include <cstdint>

namespace heapcrest {

enum class BlockType : uint32_t {
  kFacts = 1,      // JSON: the processes and what is known of each but for the rest below
  kStrings = 2,    // all texts that frames name
  kFrames = 3,     // functions at places in sources
  kLocations = 4,  // of a process: addresses and the frames that they stand for
  kStacks = 5,     // of a process: the tree of its call stacks
  kEvents = 6,     // of a process: allocations and frees in order; one block after the other
  kEnd = 7,        // EndContent
  kSource = 8,     // the lines that frames name, as texts
  kCounts = 9,     // of a process, behind its events: what the profiler counted exactly
  kResident = 10,  // of a process: what it held in RAM over time
};

enum class Codec : uint32_t {
  kStored = 0,  // the end, which proves itself
  kZstd = 1,    // with zstd's own checksum
};

inline constexpr uint32_t kWholeRecording = UINT32_MAX;

struct BlockHeader {
  BlockType type;
  uint32_t process;  // its place in the facts, or kWholeRecording
  Codec codec;
  uint32_t reserved;
  uint64_t raw_bytes;     // of the content once it is unpacked,
  uint64_t stored_bytes;  // and as it stands in the file
};
static_assert(sizeof(BlockHeader) == 32);

// Proves that the file is whole. Contents have zstd's checksum; this one is of the headers.
struct EndContent {
  uint64_t blocks;       // before this one
  uint64_t bytes;        // of the file, before this block's header
  uint64_t header_hash;  // FNV-1a, 64 bits, of the headers before this one
};
static_assert(sizeof(EndContent) == 24);
inline constexpr uint64_t kHashOfNothing = 0xcbf29ce484222325;

// A block is padded to at least this part of its unpacked size (with a frame that zstd skips): no
// small file asks its reader for much memory.
inline constexpr uint64_t kMostCompression = 64;

inline constexpr uint32_t kEventsPerBlock = 1 << 13;  // what a cut may cost

// Inlined functions may make many frames of one address, on average over a process's stacks at most
// so many. What is beyond is no program's, but somebody's try to fill our memory.
inline constexpr uint64_t kMostFramesPerLocation = 64;

}  // namespace heapcrest
