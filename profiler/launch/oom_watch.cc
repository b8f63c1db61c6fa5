#include "profiler/launch/oom_watch.h"

#include <unistd.h>

#include <fstream>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"

namespace heapcrest {
namespace {

// The value of the line "oom_kill N"; 0 when there is none (before Linux 4.13).
uint64_t ReadKills(const std::string& path) {
  std::ifstream in(path);
  std::string name;
  uint64_t value = 0;
  while (in >> name >> value) {
    if (name == "oom_kill") return value;
  }
  return 0;
}

// Where our own group's counter may stand. A line of /proc/self/cgroup is "id:controllers:group".
// Inside a container the group is often mounted as if it were the top one.
std::vector<std::string> CounterPaths(const std::string& root) {
  std::vector<std::string> paths;
  std::ifstream in(root + "/proc/self/cgroup");
  for (std::string line; std::getline(in, line);) {
    const std::vector<std::string> fields = absl::StrSplit(line, absl::MaxSplits(':', 2));
    if (fields.size() != 3) continue;
    const std::vector<std::string> controllers = absl::StrSplit(fields[1], ',');
    for (const std::string& controller : controllers) {
      if (controller == "memory") {
        paths.push_back(root + "/sys/fs/cgroup/memory" + fields[2] + "/memory.oom_control");
        paths.push_back(root + "/sys/fs/cgroup/memory/memory.oom_control");
      }
    }
    if (fields[1].empty()) {
      paths.push_back(root + "/sys/fs/cgroup" + fields[2] + "/memory.events");
      paths.push_back(root + "/sys/fs/cgroup/memory.events");
    }
  }
  return paths;
}

std::string FindCounter(const std::string& root) {
  for (const std::string& path : CounterPaths(root)) {
    if (access(path.c_str(), R_OK) == 0) return path;
  }
  return {};
}

}  // namespace

OomWatch::OomWatch(const std::string& root)
    : vmstat_path_(root + "/proc/vmstat"),
      cgroup_path_(FindCounter(root)),
      cgroup_at_start_(ReadKills(cgroup_path_)),
      older_(ReadKills(vmstat_path_)),
      newer_(older_) {}

void OomWatch::Poll() {
  older_ = newer_;
  newer_ = ReadKills(vmstat_path_);
}

bool OomWatch::KilledSomething() const {
  return ReadKills(cgroup_path_) > cgroup_at_start_ || ReadKills(vmstat_path_) > older_;
}

}  // namespace heapcrest
