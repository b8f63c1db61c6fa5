#include "viewer/command/gather.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <fstream>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "profiler/format/telltale_size.h"
#include "viewer/child_exits.h"
#include "viewer/command/captures_folder.h"
#include "viewer/command_line.h"
#include "viewer/reader.h"
#include "viewer/symbolizer.h"

namespace heapcrest {
namespace {

// An exec keeps the pid and starts a new process of ours: the last one is the one that ended.
Process* LastWithPid(Recording* recording, pid_t pid) {
  Process* last = nullptr;
  for (Process& process : recording->processes) {
    if (process.pid != static_cast<uint32_t>(pid)) continue;
    if (last == nullptr || process.start_monotonic_ns >= last->start_monotonic_ns) last = &process;
  }
  return last;
}

using ProcessesByPid = absl::flat_hash_map<uint32_t, std::vector<Process*>>;  // each by start

// The one of these that ran then. Its file is there a moment before it notes its start.
Process* RunningAt(const std::vector<Process*>& processes, uint64_t time_ns) {
  Process* found = processes[0];
  for (Process* process : processes) {
    if (process->start_monotonic_ns <= time_ns) found = process;
  }
  return found;
}

uint64_t TimeIn(const Process& process, uint64_t time_ns) {
  return std::max(time_ns, process.start_monotonic_ns) - process.start_monotonic_ns;
}

ResidentKinds KindsOf(const ResidentParts& parts, uint64_t time_ns) {
  const auto bytes = [](uint64_t number) { return static_cast<int64_t>(number); };
  return {time_ns,
          bytes(parts.heaps),
          bytes(parts.anonymous),
          bytes(parts.stacks),
          bytes(parts.files),
          bytes(parts.profiler)};
}

// Without a word, a report would seem to be about such a program and be about what executed it.
void NoteUnrecorded(const std::map<pid_t, ResidentMemory>& memory, Recording* recording) {
  std::string first;
  size_t others = 0;
  for (const auto& [pid, seen] : memory) {
    Process* process = LastWithPid(recording, pid);
    if (process == nullptr || seen.unrecorded_program.empty()) continue;
    process->exit = {Exit::Kind::kExeced};
    if (first.empty()) {
      first = seen.unrecorded_program + " (pid " + std::to_string(pid) + ")";
    } else {
      ++others;
    }
  }
  if (first.empty()) return;
  recording->warnings.push_back(
      "nothing was recorded of " + first +
      (others == 0 ? "" : " and " + std::to_string(others) + " more") +
      ": it runs without our library (a cleared environment, a static or setuid program)");
}

void NoteExecs(Recording* recording) {
  for (Process& process : recording->processes) {
    const Process* last = LastWithPid(recording, static_cast<pid_t>(process.pid));
    if (last != &process && process.exit.kind == Exit::Kind::kUnknown) {
      process.exit.kind = Exit::Kind::kExeced;
    }
  }
}

// Whether a process of this machine still writes the capture that it made by that name.
bool IsRecording(const Process& process) {
  const std::string pid = std::to_string(process.pid);
  std::ifstream mappings("/proc/" + pid + "/maps");
  for (std::string line; std::getline(mappings, line);) {
    if (absl::EndsWith(line, ".capture") && absl::StrContains(line, "/" + pid + "-")) return true;
  }
  return false;
}

void NoteRunning(Recording* recording) {
  for (Process& process : recording->processes) {
    if (process.exit.kind == Exit::Kind::kUnknown && IsRecording(process)) {
      process.exit.kind = Exit::Kind::kStillRunning;
    }
  }
}

Recording WithoutAllocations(const Started& started, const ProgramEnd& end) {
  Recording recording;
  Process process;
  process.pid = static_cast<uint32_t>(end.pid);
  process.start_monotonic_ns = end.start_monotonic_ns;
  process.start_realtime_ns = end.start_realtime_ns;
  process.command = started.command;
  process.executable = started.executable;
  process.interval_bytes = started.interval_bytes;
  recording.processes.push_back(std::move(process));
  recording.warnings.emplace_back(
      "nothing was recorded: the program never allocated, or the profiler could not enter it "
      "(a cleared environment, a sandbox, an allocator of its own)");
  return recording;
}

// Part of the heap is our doing: samples that were made larger than the program asked for.
void NoteTelltales(Process* process) {
  if (!process->sizes_tell) return;
  ResidentKinds& kinds = *process->resident.most;
  int64_t bytes = 0;
  for (const Sample& sample : process->samples) {
    if (sample.is_object || !sample.IsLiveAt(kinds.time_ns)) continue;
    bytes += static_cast<int64_t>(TelltaleBytes(sample.size));
  }
  bytes = std::min(bytes, kinds.heaps);
  kinds.heaps -= bytes;
  kinds.profiler += bytes;
}

}  // namespace

absl::StatusOr<Recording> Gather(const std::string& captures_folder, const Started& started,
                                 const ProgramEnd& end) {
  absl::StatusOr<Recording> recording = HasCaptures(captures_folder)
                                            ? ReadRecording(captures_folder)
                                            : WithoutAllocations(started, end);
  if (recording.ok()) NoteEnds(end, &*recording);
  return recording;
}

void NoteEnds(const ProgramEnd& end, Recording* recording) {
  for (const auto& [pid, ended] : end.reaped) {
    Process* process = LastWithPid(recording, pid);
    if (process == nullptr) continue;
    NoteExit(ExitOfWaitStatus(ended.wait_status), ended.time_ns, process);
    process->exit.out_of_memory = pid == end.pid && end.out_of_memory;
  }
  if (end.still_running.empty()) return;
  for (Process& process : recording->processes) {
    const bool alive = kill(static_cast<pid_t>(process.pid), 0) == 0 || errno == EPERM;
    if (process.exit.kind == Exit::Kind::kUnknown && alive) {
      process.exit.kind = Exit::Kind::kStillRunning;
    }
  }
}

void NoteMemory(const std::map<pid_t, ResidentMemory>& memory, Recording* recording) {
  NoteUnrecorded(memory, recording);
  ProcessesByPid by_pid;
  for (Process& process : recording->processes) by_pid[process.pid].push_back(&process);
  for (const auto& [pid, seen] : memory) {
    const auto processes = by_pid.find(static_cast<uint32_t>(pid));
    if (processes == by_pid.end()) continue;
    Process* last = processes->second.back();
    if (IsTitle(seen.command) && by_pid.contains(last->parent_pid)) last->command = seen.command;
    for (const ResidentMemory::Point& point : seen.points) {
      Process* process = RunningAt(processes->second, point.time_ns);
      process->resident.points.push_back(
          {TimeIn(*process, point.time_ns), static_cast<int64_t>(point.bytes)});
    }
    for (const ResidentMemory::Walk& walk : seen.walks) {
      if (walk.parts.total() == 0) continue;
      Process* process = RunningAt(processes->second, walk.time_ns);
      process->resident.most = KindsOf(walk.parts, TimeIn(*process, walk.time_ns));
      NoteTelltales(process);
    }
  }
}

bool CompleteCaptures(Recording* recording) {
  const bool has_symbols = std::any_of(
      recording->processes.begin(), recording->processes.end(), [](const Process& process) {
        return std::any_of(process.locations.begin(), process.locations.end(),
                           [](const Location& location) { return location.frame_count != 0; });
      });
  if (has_symbols) return false;
  NoteExecs(recording);
  NoteRunning(recording);
  Symbolize(recording);
  return true;
}

}  // namespace heapcrest
