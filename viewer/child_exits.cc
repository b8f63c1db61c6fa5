#include "viewer/child_exits.h"

#include <sys/wait.h>

#include <algorithm>
#include <vector>

#include "absl/container/flat_hash_map.h"

namespace heapcrest {

Exit ExitOfWaitStatus(int wait_status) {
  if (WIFSIGNALED(wait_status)) return {Exit::Kind::kSignaled, WTERMSIG(wait_status), false};
  return {Exit::Kind::kExited, WEXITSTATUS(wait_status), false};
}

void NoteExit(const Exit& exit, uint64_t monotonic_ns, Process* process) {
  // Who was killed had no time to note the end; the last record may be long before it.
  const bool noted_it = process->exit.kind == Exit::Kind::kExited;
  const uint64_t duration = monotonic_ns - process->start_monotonic_ns;
  if (!noted_it && duration > process->duration_ns) process->duration_ns = duration;
  process->exit = exit;
}

void NoteChildExits(Recording* recording) {
  absl::flat_hash_map<uint32_t, std::vector<Process*>> by_pid;  // each by start
  for (Process& process : recording->processes) by_pid[process.pid].push_back(&process);
  for (const Process& parent : recording->processes) {
    for (const ChildExit& child : parent.child_exits) {
      const auto entry = by_pid.find(child.pid);
      if (entry == by_pid.end()) continue;
      const auto found =
          std::find_if(entry->second.rbegin(), entry->second.rend(), [&](const Process* process) {
            return process->start_monotonic_ns <= child.monotonic_ns;
          });
      if (found != entry->second.rend()) NoteExit(child.exit, child.monotonic_ns, *found);
    }
  }
}

}  // namespace heapcrest
