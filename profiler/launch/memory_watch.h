// Follows, from outside, what the profiled processes hold in RAM (resident memory) while they run:
// how much over time, and of what kind at the height of it.
//
// Which processes: those that record into the captures folder. How much is one short read of
// /proc/PID/statm; of what kind is a walk through /proc/PID/smaps, for which the kernel holds up
// that process's own mmap. So it is done only where resident memory is a fiftieth beyond the last
// walk, and takes at most a tenth of a core while memory grows fast; looks take a fiftieth.
//
// Not thread-safe; runs a thread of its own that takes no signals. What is missed: processes that
// live for less than a millisecond, and what happens between two looks.
#pragma once

#include <sys/types.h>

#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "profiler/launch/resident_parts.h"

namespace heapcrest {

struct ResidentMemory {
  struct Point {
    uint64_t time_ns;  // CLOCK_MONOTONIC
    uint64_t bytes;
  };
  struct Walk {
    uint64_t time_ns;
    ResidentParts parts;
  };
  std::vector<Point> points;  // in order; where it stays the same there are none
  std::vector<Walk> walks;    // one for each process that had this pid, at its highest
  // What it executed at last, if that runs without our library: its memory is nobody's here.
  std::string unrecorded_program;
  // As it was seen last: programs may write a title over their arguments.
  std::vector<std::string> command;
};

class MemoryWatch {
 public:
  // `proc` stands for /proc, but for tests.
  explicit MemoryWatch(std::string captures_folder, std::string proc = "/proc");
  ~MemoryWatch();
  MemoryWatch(const MemoryWatch&) = delete;
  MemoryWatch& operator=(const MemoryWatch&) = delete;

  // Ends it. By pid: who executes another program keeps its pid.
  std::map<pid_t, ResidentMemory> Stop();

 private:
  struct Watched {
    bool is_alive = true;
    uint64_t step_ns = 0;       // from one point to the next, at least
    uint64_t walked_bytes = 0;  // at the last walk
    uint64_t next_walk_ns = 0;
    ResidentMemory memory;
  };

  void Follow();
  void FindProcesses();
  void Look(pid_t pid, Watched* process);
  void LookAtCommand(pid_t pid, ResidentMemory* memory);
  void Walk(pid_t pid, uint64_t bytes, Watched* process);
  uint64_t ZeroedBytes(const std::string& path);

  const std::string captures_folder_;
  const std::string proc_;
  std::unordered_set<std::string> known_captures_;
  std::map<pid_t, Watched> processes_;
  std::unordered_map<std::string, uint64_t> zeroed_bytes_;  // by file
  std::mutex mutex_;
  std::condition_variable stopping_;
  bool is_stopping_ = false;
  uint64_t walking_ns_ = 0;  // CPU time of the walks of the present round
  std::thread thread_;
};

}  // namespace heapcrest
