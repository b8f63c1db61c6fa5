// The layout of a capture file: one process's recording, written while the process runs.
//
//   offset 0                        CaptureHeader, one page
//   offset 4096 + n * 65536         chunk n: ChunkHeader, then records (record.h)
//
// The profiler fills chunks in place through a shared mapping, so a capture is readable at every
// moment, whatever kills the process. A chunk's `used` is stored last (release): bytes beyond it
// are not there yet. Integers are little-endian. The whole: docs/file-format.md.
#pragma once

#include <cstddef>
#include <cstdint>

namespace heapcrest {

inline constexpr char kMagic[8] = {'H', 'E', 'A', 'P', 'C', 'R', 'S', 'T'};
inline constexpr uint32_t kFormatVersion = 1;
inline constexpr uint32_t kCaptureHeaderBytes = 4096;
inline constexpr uint32_t kChunkBytes = 64 * 1024;
inline constexpr uint32_t kChunkMagic = 0x4b4e4843;  // "CHNK"

// What follows the common first 16 bytes (magic, version, kind).
enum class FileKind : uint32_t {
  kCapture = 1,  // this file
  kProfile = 2,  // symbolized and compressed: viewer/profile_format.h
};

// Written by the process itself; `run` knows better how its own child ended.
enum class EndState : uint32_t {
  kRunning = 0,  // still is, or was killed
  kExited = 1,   // exit handlers ran, or _exit was called
  kExeced = 2,   // another program took the process over
};

struct CaptureHeader {
  char magic[8];
  uint32_t version;
  FileKind kind;
  uint32_t chunk_bytes;
  uint32_t pid;
  uint32_t parent_pid;
  EndState end_state;
  uint64_t interval_bytes;
  uint64_t start_monotonic_ns;  // CLOCK_MONOTONIC: one clock for all processes of a run
  uint64_t start_realtime_ns;   // CLOCK_REALTIME, since 1970
  uint64_t end_monotonic_ns;    // 0 until exit handlers ran
  uint32_t stop_errno;          // why recording stopped early (ENOSPC, EACCES, ...), 0: it did not
  uint32_t exit_status;         // with EndState::kExited: what exit() was called with
  uint64_t stop_monotonic_ns;   // when it stopped
  uint64_t lost_records;        // not written: stopped, or no slot to be had
  uint64_t has_own_malloc;      // 1: something loaded before us defines malloc; we may see nothing
  uint64_t sizes_tell;          // 1: samples of malloc's are larger than asked for: telltale_size.h
  uint64_t reserved[14];        // zero; room for later counters
};
static_assert(sizeof(CaptureHeader) == 216);

struct ChunkHeader {
  uint32_t magic;   // kChunkMagic, or 0: reserved, never used
  uint32_t number;  // its place in the file; sample ids count from here
  uint32_t used;    // committed bytes, this header included
  uint32_t reserved0;
  uint64_t base_time_ns;  // the first record's time delta counts from here (CLOCK_MONOTONIC)
  uint64_t reserved[5];
};
static_assert(sizeof(ChunkHeader) == 64);

// A sample's id: the chunk it stands in and its place among that chunk's allocations. Unique in a
// process, needs no counter that threads share, and is implied where the allocation stands.
inline constexpr unsigned kSampleIndexBits = 16;
inline constexpr uint64_t MakeSampleId(uint32_t chunk_number, uint32_t index) {
  return (static_cast<uint64_t>(chunk_number) << kSampleIndexBits) | index;
}

}  // namespace heapcrest
