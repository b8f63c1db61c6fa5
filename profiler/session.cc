#include "profiler/session.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "profiler/arena.h"
#include "profiler/call_stack.h"
#include "profiler/clock.h"
#include "profiler/early_samples.h"
#include "profiler/glibc.h"
#include "profiler/mappings.h"
#include "profiler/next_definition.h"
#include "profiler/python/code_table.h"
#include "profiler/python/object_types.h"
#include "profiler/recorder.h"
#include "profiler/uncancelled.h"

namespace heapcrest {
namespace {

constexpr uint64_t kDefaultIntervalBytes = 65536;
constexpr size_t kPageBytes = 4096;

char* AppendText(char* out, const char* text) { return stpcpy(out, text); }

char* AppendNumber(char* out, uint64_t value, unsigned base) {
  char digits[24];
  size_t count = 0;
  do {
    digits[count++] = "0123456789abcdef"[value % base];
    value /= base;
  } while (value != 0);
  while (count != 0) *out++ = digits[--count];
  *out = 0;
  return out;
}

// A whole file of /proc; returns how many bytes.
size_t ReadWhole(const char* path, char* out, size_t room) {
  const int file = OpenUncancelled(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  size_t bytes = 0;
  while (bytes < room) {
    const ssize_t count = ReadUncancelled(file, out + bytes, room - bytes);
    if (count <= 0) break;
    bytes += static_cast<size_t>(count);
  }
  CloseUncancelled(file);
  return bytes;
}

// Other destructors of the same round, and of further ones, may allocate and free.
void AtThreadExit(void* state) {
  auto* thread = static_cast<ThreadState*>(state);
  const bool is_last = ++thread->endings >= PTHREAD_DESTRUCTOR_ITERATIONS;
  if (is_last) t_counts.FoldEach();
  FoldSlow(thread);
  if (is_last) {
    CountThread(-1);
  } else {
    g_session.WatchExit(thread);
  }
}

void AtExit(int status, void*) { g_session.NoteExit(status); }
void AtQuickExit(void*) { FoldSlow(&t_thread); }

}  // namespace

constinit Session g_session;

bool Session::Enter(ThreadState* thread) {
  if (IsForkedChild()) {
    if (!ClaimChild()) return false;
    ForgetParent();
    state_.store(State::kNew);
  }
  State state = state_.load(std::memory_order_acquire);
  if (state == State::kNew) {
    if (environ == nullptr) return false;  // the loader is not done with libc yet
    if (!state_.compare_exchange_strong(state, State::kStarting)) return false;
    const ForOurselves for_ourselves;
    state = Start() ? State::kRecording : State::kOff;
    state_.store(state, std::memory_order_release);
  }
  if (state == State::kStarting) return false;
  if (state == State::kOff || writer.stopped()) {
    thread->sampler.Stop(!g_real_is_glibc);
    t_counts.TurnOff();
    return false;
  }
  if (thread->generation != generation_.load(std::memory_order_relaxed)) Join(thread);
  return true;
}

void Session::Join(ThreadState* thread) {
  thread->generation = generation_.load(std::memory_order_relaxed);
  thread->index = thread_count_.fetch_add(1);
  const auto address = reinterpret_cast<uint64_t>(thread);
  thread->finer = FinerAfter(early_samples_.load(std::memory_order_relaxed), interval_bytes_);
  thread->sampler.Start(IntervalBytes(thread->finer), MonotonicNanoseconds() ^ address << 20,
                        !g_real_is_glibc);
  thread->is_new = true;
  if (CountsBlocks()) {
    WatchExit(thread);
    CountThread(1);
  } else {
    t_counts.TurnOff();
  }
}

uint32_t Session::CountEarlySample(uint64_t frames) {
  const uint64_t samples = EarlySamplesOf(frames);
  return FinerAfter(early_samples_.fetch_add(samples, std::memory_order_relaxed) + samples,
                    interval_bytes_);
}

void Session::WatchExit(ThreadState* thread) {
  const ForOurselves for_ourselves;  // libc allocates for a thread's first key beyond 32
  if (has_exit_key_) pthread_setspecific(exit_key_, thread);
}

bool Session::Start() {
  if (!RunsOnGlibc()) return false;
  FindRealAllocator();
  sees_all_blocks_ = !ProgramHasPartOfTheFamily();
  if (folder_ == nullptr && !ReadSettings()) return false;
  if (alive_ == nullptr) {
    alive_ = static_cast<char*>(MapPages(kPageBytes));
    if (alive_ == nullptr) return false;
    madvise(const_cast<char*>(alive_), kPageBytes, MADV_WIPEONFORK);
    has_exit_key_ = pthread_key_create(&exit_key_, AtThreadExit) == 0;
  }
  *alive_ = kOwn;
  pid_ = getpid();
  char* at = AppendText(path_, folder_);
  at = AppendNumber(AppendText(at, "/"), static_cast<uint64_t>(pid_), 10);
  at = AppendNumber(AppendText(at, "-"), MonotonicNanoseconds(), 16);
  AppendText(at, ".capture");
  if (!writer.Open(path_, interval_bytes_)) return false;
  if (interval_bytes_ < kLeastTelltaleInterval) LookAllUp();
  if (HasEarlierDefinition("malloc")) writer.NoteOwnMalloc();
  if (SizesTell()) writer.NoteSizesTell();
  generation_.fetch_add(1);
  WriteCommand();
  return true;
}

bool Session::ReadSettings() {
  const char* folder = getenv("HEAPCREST_CAPTURES");
  if (folder == nullptr || folder[0] != '/' || strlen(folder) + 64 > sizeof(path_)) return false;
  // A copy: the program may change its environment.
  static char copy[kMaxPathBytes];
  memcpy(copy, folder, strlen(folder) + 1);
  folder_ = copy;
  const char* interval = getenv("HEAPCREST_INTERVAL");
  interval_bytes_ = interval == nullptr ? 0 : strtoull(interval, nullptr, 10);
  if (interval_bytes_ == 0) interval_bytes_ = kDefaultIntervalBytes;
  return true;
}

void Session::WriteCommand() {
  auto* text = static_cast<char*>(MapPages(kMaxCommandBytes));
  if (text == nullptr) return;
  const ssize_t length = readlink("/proc/self/exe", text, kMaxPathBytes);
  size_t bytes = length < 0 ? 0 : static_cast<size_t>(length);
  text[bytes++] = 0;
  bytes += ReadWhole("/proc/self/cmdline", text + bytes, kMaxCommandBytes - bytes);
  if (WriterSlot* slot = writer.Lease(0)) {
    if (slot->Begin(&writer, kMaxEventBytes + bytes, 0)) {
      slot->PutCommand(text, bytes);
      if (const uint32_t version = UnknownPythonVersion()) slot->PutUnknownPython(version);
      slot->Commit();
    }
    writer.Release(slot);
  }
  UnmapPages(text, kMaxCommandBytes);
}

// Of threads that make their child's first sample at once, and of a handler in between, one may
// take the parent's recording apart.
bool Session::ClaimChild() {
  char wiped = kWiped;
  return __atomic_compare_exchange_n(alive_, &wiped, kClaimed, false, __ATOMIC_ACQ_REL,
                                     __ATOMIC_RELAXED);
}

void Session::ForgetParent() {
  writer.Abandon();
  stacks.Clear();
  g_python_code.Clear();
  g_python_types.Clear();
  // What was made larger stays so, and malloc_usable_size must not tell.
  if (SizesTell()) {
    live.Mark(kInherited);
  } else {
    live.Clear();
  }
  ForgetCounts();
  if (!InheritMappings()) {
    ForgetMappings();
    ForgetUnwindRules();
  }
  thread_count_.store(0);
  early_samples_.store(0);
}

void Session::WatchProgramEnd() {
  if (state_.load(std::memory_order_acquire) != State::kRecording) return;
  on_exit(AtExit, nullptr);
  __cxa_at_quick_exit(AtQuickExit, nullptr);
}

bool Session::IsInVforkChild() const { return getpid() != pid_; }

void Session::NoteUnload() {
  if (state_.load(std::memory_order_acquire) != State::kRecording || IsForkedChild()) return;
  if (DropUnloadedMappings()) ForgetUnwindRules();
}

void Session::NoteExit(int status) {
  if (state_.load(std::memory_order_acquire) != State::kRecording || IsForkedChild()) return;
  if (IsInVforkChild()) return;
  FoldSlow(&t_thread);
  writer.NoteExit(status);
}

}  // namespace heapcrest
