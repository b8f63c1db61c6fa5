// Tells a process that the kernel killed for want of memory from one that somebody killed: both end
// by SIGKILL, but the kernel counts its own kills.
//
// The memory cgroup's counter (memory.events of v2, memory.oom_control of v1) is exact for programs
// that stay in our group. A program that moved to a group of its own is caught by the machine's
// counter in /proc/vmstat; others may be killed elsewhere on the machine, so only a kill of the
// last seconds counts.
//
// Not thread-safe.
#pragma once

#include <cstdint>
#include <string>

namespace heapcrest {

class OomWatch {
 public:
  static constexpr int kPollSeconds = 5;

  // `root` stands before every path that is read: "" but for tests.
  explicit OomWatch(const std::string& root = "");

  // Moves the window. REQUIRES: called about every kPollSeconds while the program runs.
  void Poll();

  // Whether there was an out-of-memory kill in our cgroup, or anywhere in the last 5 to 10 seconds.
  bool KilledSomething() const;

 private:
  std::string vmstat_path_;
  std::string cgroup_path_;
  uint64_t cgroup_at_start_;
  uint64_t older_, newer_;  // the machine's counter at the last two polls
};

}  // namespace heapcrest
