// Resident memory by kind, from the kernel's list of a process's mappings (/proc/PID/smaps).
//
// The list names no owner of anonymous memory, so its place tells: glibc's heaps are [heap] and
// regions of 64 MiB at multiples of it; a thread's stack follows a small guard that nobody may
// touch; the zeroed data of a program follows the file it belongs to. The kernel makes one mapping
// of it and of what was mapped behind it later (an arena of Python's, often), so the file has to
// say how much is its own. Our tables are known by the flags that arena.cc asks for. All else that
// is anonymous is the program's, or a large block that malloc mapped on its own.
//
// Thread-safe: pure functions.
#pragma once

#include <cstdint>
#include <functional>
#include <istream>
#include <string>

namespace heapcrest {

struct ResidentParts {  // bytes
  uint64_t heaps = 0;
  uint64_t anonymous = 0;  // and shared memory
  uint64_t stacks = 0;
  uint64_t files = 0;     // programs, libraries and their data; mapped files
  uint64_t profiler = 0;  // our library, its tables and the capture
  // The list reached the main thread's stack, which is nearly its last mapping: that of a process
  // that ends meanwhile breaks off.
  bool is_whole = false;

  uint64_t total() const { return heaps + anonymous + stacks + files + profiler; }
};

// `captures_folder` is where our files are; `zeroed_bytes` says of a file how much follows it at
// most. What cannot be understood is left out.
using ZeroedBytes = std::function<uint64_t(const std::string& path)>;
ResidentParts ReadResidentParts(std::istream& smaps, const std::string& captures_folder,
                                const ZeroedBytes& zeroed_bytes);

}  // namespace heapcrest
