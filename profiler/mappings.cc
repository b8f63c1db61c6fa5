#include "profiler/mappings.h"

#include <link.h>
#include <sys/auxv.h>
#include <unistd.h>

#include <atomic>
#include <cstring>

#include "profiler/arena.h"
#include "profiler/build_id.h"
#include "profiler/python/interpreter.h"

namespace heapcrest {
namespace {

// Path and build id are copied while the library is surely there: on the stack of the thread that
// notes it.
struct Noted {
  std::atomic<uint32_t> ready;    // the fields below are filled in
  std::atomic<uint32_t> written;  // to the capture
  uint64_t epoch;
  uintptr_t start, end;
  uintptr_t bias;
  const link_map* map;
  const char* path;
  size_t path_bytes;
  size_t build_id_bytes;
  uint8_t build_id[kMaxBuildIdBytes];
};

constexpr size_t kMaxNoted = 32768;  // address space, touched as used
constexpr size_t kPathPoolBytes = size_t{4} << 20;

std::atomic<Noted*> g_noted{nullptr};
std::atomic<char*> g_paths{nullptr};
std::atomic<size_t> g_path_bytes{0};
std::atomic<size_t> g_noted_count{0};
std::atomic<size_t> g_written_count{0};  // all before are written
std::atomic<size_t> g_epoch_start{0};    // the first of this epoch
std::atomic<uint64_t> g_epoch{0};

// Maps `*pages` when it is first needed.
template <typename T>
T* Mapped(std::atomic<T*>* pages, size_t bytes) {
  T* mapped = pages->load(std::memory_order_acquire);
  if (mapped != nullptr) return mapped;
  auto* fresh = static_cast<T*>(MapPages(bytes));
  if (fresh == nullptr) return nullptr;
  if (pages->compare_exchange_strong(mapped, fresh)) return fresh;
  UnmapPages(fresh, bytes);  // another thread was faster
  return mapped;
}

size_t Count() { return std::min(g_noted_count.load(std::memory_order_acquire), kMaxNoted); }

bool IsNoted(const Noted* table, uintptr_t start, const link_map* map) {
  for (size_t i = g_epoch_start.load(); i < Count(); ++i) {
    if (table[i].ready.load(std::memory_order_acquire) != 0 && table[i].start == start &&
        table[i].map == map) {
      return true;
    }
  }
  return false;
}

// "/lib64/ld-linux-x86-64.so.2 ./app": the kernel knows the loader alone, which leaves a note of
// what it runs.
size_t ExecutablePath(char* path, size_t room) {
  const auto read = [&](const char* link) {
    const ssize_t bytes = readlink(link, path, room);
    return bytes < 0 ? 0 : static_cast<size_t>(bytes);
  };
  if (getauxval(AT_BASE) != 0) return read("/proc/self/exe");
  const auto* named = reinterpret_cast<const char*>(getauxval(AT_EXECFN));
  if (named == nullptr) return 0;
  if (strncmp(named, "./", 2) == 0) named += 2;
  size_t length = named[0] == '/' ? 0 : read("/proc/self/cwd");
  const size_t bytes = strnlen(named, room);
  if (length + 1 + bytes > room) return 0;
  if (named[0] != '/') path[length++] = '/';
  memcpy(path + length, named, bytes);
  return length + bytes;
}

void CopyPath(const link_map* map, Noted* noted) {
  char* pool = Mapped(&g_paths, kPathPoolBytes);
  if (pool == nullptr) return;
  char executable[512];
  const char* path = map->l_name;
  size_t length;
  if (path == nullptr || path[0] == 0) {  // so the loader names the executable
    path = executable;
    length = ExecutablePath(executable, sizeof(executable));
  } else {
    length = strnlen(path, kMaxPathBytes);
  }
  const size_t at = g_path_bytes.fetch_add(length);
  if (at + length > kPathPoolBytes) return;
  memcpy(pool + at, path, length);
  noted->path = pool + at;
  noted->path_bytes = length;
}

}  // namespace

void NoteMapping(const dl_find_object& object) {
  Noted* table = Mapped(&g_noted, kMaxNoted * sizeof(Noted));
  const auto start = reinterpret_cast<uintptr_t>(object.dlfo_map_start);
  if (table == nullptr || IsNoted(table, start, object.dlfo_link_map)) return;
  FindPythonIn(*object.dlfo_link_map);  // an embedding program may load it late
  const size_t index = g_noted_count.fetch_add(1, std::memory_order_acq_rel);
  if (index >= kMaxNoted) return;  // its frames will show as bare addresses
  Noted& noted = table[index];
  noted.epoch = g_epoch.load();
  noted.start = start;
  noted.end = reinterpret_cast<uintptr_t>(object.dlfo_map_end);
  noted.map = object.dlfo_link_map;
  noted.bias = noted.map->l_addr;
  CopyPath(noted.map, &noted);
  noted.build_id_bytes = CopyBuildId(object, noted.build_id);
  noted.ready.store(1, std::memory_order_release);
}

bool IsOwnCode(uintptr_t address) {
  static std::atomic<uintptr_t> start{0}, end{0};
  if (end.load(std::memory_order_relaxed) == 0) {
    dl_find_object object;
    if (_dl_find_object(reinterpret_cast<void*>(&IsOwnCode), &object) != 0) return false;
    start.store(reinterpret_cast<uintptr_t>(object.dlfo_map_start), std::memory_order_relaxed);
    end.store(reinterpret_cast<uintptr_t>(object.dlfo_map_end), std::memory_order_relaxed);
  }
  return address >= start.load(std::memory_order_relaxed) &&
         address < end.load(std::memory_order_relaxed);
}

uint64_t MappingEpoch() { return g_epoch.load(std::memory_order_relaxed); }

bool DropUnloadedMappings() {
  Noted* table = g_noted.load(std::memory_order_acquire);
  if (table == nullptr) return false;
  const size_t count = Count();
  for (size_t i = g_epoch_start.load(); i < count; ++i) {
    dl_find_object object;
    const bool loaded = table[i].ready.load(std::memory_order_acquire) == 0 ||
                        (_dl_find_object(reinterpret_cast<void*>(table[i].start), &object) == 0 &&
                         object.dlfo_link_map == table[i].map);
    if (loaded) continue;
    g_epoch_start.store(count);
    g_epoch.fetch_add(1);
    return true;
  }
  return false;
}

bool TakeUnwrittenMapping(MappingRecord* mapping) {
  Noted* table = g_noted.load(std::memory_order_acquire);
  if (table == nullptr) return false;
  for (size_t i = g_written_count.load(std::memory_order_acquire); i < Count(); ++i) {
    if (table[i].ready.load(std::memory_order_acquire) == 0) return false;  // its thread writes it
    if (table[i].written.exchange(1) != 0) continue;
    size_t before = i;
    g_written_count.compare_exchange_strong(before, i + 1);
    const Noted& noted = table[i];
    *mapping = {noted.epoch,    noted.start,          noted.end,  noted.bias,
                noted.build_id, noted.build_id_bytes, noted.path, noted.path_bytes};
    return true;
  }
  return false;
}

bool InheritMappings() {
  Noted* table = g_noted.load();
  const size_t first = g_epoch_start.load(), count = Count();
  for (size_t i = first; i < count; ++i) {
    if (table[i].ready.load() == 0) return false;
  }
  for (size_t i = first; i < count; ++i) table[i].written.store(0);
  g_written_count.store(first);
  return true;
}

void ForgetMappings() {
  UnmapPages(g_noted.exchange(nullptr), kMaxNoted * sizeof(Noted));
  UnmapPages(g_paths.exchange(nullptr), kPathPoolBytes);
  g_path_bytes.store(0);
  g_noted_count.store(0);
  g_written_count.store(0);
  g_epoch_start.store(0);
}

}  // namespace heapcrest
