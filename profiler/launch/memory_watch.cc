#include "profiler/launch/memory_watch.h"

#include <pthread.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "profiler/launch/zeroed_data.h"

namespace heapcrest {
namespace {

constexpr uint64_t kMillisecond = 1'000'000;
constexpr uint64_t kLeastStepNs = kMillisecond, kMostStepNs = 100 * kMillisecond;
constexpr uint64_t kStepsPerRun = 1000;  // as a run grows longer, looks become rarer
// CPU time that is spent, of a core: a fiftieth on looks at most, a tenth on walks.
constexpr uint64_t kMostCost = 50, kMostWalkCost = 10;
constexpr size_t kMostPoints = 4000;  // of one pid; then every second one goes
constexpr uint64_t kLeastGrowth = uint64_t{256} << 10;

uint64_t Now(clockid_t clock = CLOCK_MONOTONIC) {
  timespec now = {};
  clock_gettime(clock, &now);
  return static_cast<uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(now.tv_nsec);
}

// A signal is for the thread that relays it.
std::thread StartWithoutSignals(auto run) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  std::thread thread(std::move(run));
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return thread;
}

// 0: there is no such process any more.
uint64_t ResidentBytes(const std::string& statm) {
  std::ifstream in(statm);
  uint64_t pages = 0, resident = 0;
  in >> pages >> resident;
  return in ? resident * static_cast<uint64_t>(sysconf(_SC_PAGESIZE)) : 0;
}

std::string LinkTarget(const std::string& link) {
  std::error_code error;
  return std::filesystem::read_symlink(link, error).string();
}

// Empty: there is no such process any more.
std::vector<std::string> CommandOf(const std::string& cmdline) {
  std::ifstream in(cmdline);
  std::vector<std::string> command;
  for (std::string argument; std::getline(in, argument, '\0');)
    command.push_back(std::move(argument));
  return command;
}

void KeepEverySecond(std::vector<ResidentMemory::Point>* points) {
  for (size_t i = 0; 2 * i < points->size(); ++i) (*points)[i] = (*points)[2 * i];
  points->resize((points->size() + 1) / 2);
}

}  // namespace

MemoryWatch::MemoryWatch(std::string captures_folder, std::string proc)
    : captures_folder_(std::move(captures_folder)),
      proc_(std::move(proc)),
      thread_(StartWithoutSignals([this] { Follow(); })) {}

MemoryWatch::~MemoryWatch() { Stop(); }

std::map<pid_t, ResidentMemory> MemoryWatch::Stop() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    is_stopping_ = true;
  }
  stopping_.notify_all();
  if (thread_.joinable()) thread_.join();
  std::map<pid_t, ResidentMemory> memory;
  for (auto& [pid, process] : processes_) memory[pid] = std::move(process.memory);
  processes_.clear();
  return memory;
}

void MemoryWatch::Follow() {
  const uint64_t start_ns = Now();
  std::unique_lock<std::mutex> lock(mutex_);
  while (!is_stopping_) {
    const uint64_t before_ns = Now(CLOCK_THREAD_CPUTIME_ID);
    FindProcesses();
    for (auto& [pid, process] : processes_) {
      if (process.is_alive) Look(pid, &process);
    }
    const uint64_t cost_ns = Now(CLOCK_THREAD_CPUTIME_ID) - before_ns - walking_ns_;
    walking_ns_ = 0;
    const uint64_t step_ns =
        std::clamp((Now() - start_ns) / kStepsPerRun, kLeastStepNs, kMostStepNs);
    const uint64_t pause_ns = std::max(step_ns, kMostCost * cost_ns);
    stopping_.wait_for(lock, std::chrono::nanoseconds(pause_ns), [this] { return is_stopping_; });
  }
}

// A capture is called PID-START.capture.
void MemoryWatch::FindProcesses() {
  std::error_code error;
  for (const auto& file : std::filesystem::directory_iterator(captures_folder_, error)) {
    std::string name = file.path().filename().string();
    const pid_t pid = atoi(name.c_str());
    if (pid <= 0 || !absl::EndsWith(name, ".capture")) continue;
    if (!known_captures_.insert(std::move(name)).second) continue;
    Watched& process = processes_[pid];
    process.is_alive = true;
    process.walked_bytes = 0;
    process.memory.unrecorded_program.clear();
    process.memory.command.clear();
    process.memory.walks.emplace_back();
  }
}

void MemoryWatch::Look(pid_t pid, Watched* process) {
  const uint64_t bytes = ResidentBytes(absl::StrCat(proc_, "/", pid, "/statm"));
  process->is_alive = bytes != 0;
  if (bytes == 0) return;
  std::vector<ResidentMemory::Point>& points = process->memory.points;
  const uint64_t now_ns = Now();
  const bool is_early = !points.empty() && now_ns - points.back().time_ns < process->step_ns;
  const bool is_same = !points.empty() && points.back().bytes == bytes;
  if (!is_early && !is_same) {
    points.push_back({now_ns, bytes});
    // Titles are set early, and seldom again.
    if (std::has_single_bit(points.size())) LookAtCommand(pid, &process->memory);
  }
  if (points.size() > kMostPoints) {
    process->step_ns = (points.back().time_ns - points.front().time_ns) / (kMostPoints / 2);
    KeepEverySecond(&points);
  }
  if (bytes > process->walked_bytes + std::max(process->walked_bytes / 50, kLeastGrowth) &&
      now_ns >= process->next_walk_ns) {
    Walk(pid, bytes, process);
  }
}

void MemoryWatch::LookAtCommand(pid_t pid, ResidentMemory* memory) {
  std::vector<std::string> command = CommandOf(absl::StrCat(proc_, "/", pid, "/cmdline"));
  if (!command.empty()) memory->command = std::move(command);
}

void MemoryWatch::Walk(pid_t pid, uint64_t bytes, Watched* process) {
  const uint64_t time_ns = Now(), before_ns = Now(CLOCK_THREAD_CPUTIME_ID);
  std::ifstream smaps(absl::StrCat(proc_, "/", pid, "/smaps"));
  const ResidentParts parts = ReadResidentParts(
      smaps, captures_folder_, [this](const std::string& path) { return ZeroedBytes(path); });
  const uint64_t cost_ns = Now(CLOCK_THREAD_CPUTIME_ID) - before_ns;
  process->next_walk_ns = time_ns + kMostWalkCost * cost_ns;
  walking_ns_ += cost_ns;
  process->walked_bytes = bytes;
  if (parts.is_whole && parts.profiler == 0) {
    process->is_alive = false;  // for us
    process->memory.unrecorded_program = LinkTarget(absl::StrCat(proc_, "/", pid, "/exe"));
    return;
  }
  // One that ended meanwhile has nothing, or half of it.
  ResidentMemory::Walk& highest = process->memory.walks.back();
  const auto rank = [](const ResidentParts& seen) {
    return std::pair(seen.is_whole, seen.total());
  };
  if (rank(parts) > rank(highest.parts)) highest = {time_ns, parts};
}

// Where the file does not say: all that follows it.
uint64_t MemoryWatch::ZeroedBytes(const std::string& path) {
  const auto [entry, is_new] = zeroed_bytes_.try_emplace(path);
  if (is_new) entry->second = ZeroedBytesOf(path).value_or(UINT64_MAX);
  return entry->second;
}

}  // namespace heapcrest
