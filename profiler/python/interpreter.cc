#include "profiler/python/interpreter.h"

#include <dlfcn.h>
#include <pthread.h>

#include "profiler/python/memory.h"

namespace heapcrest {
namespace {

constexpr uint32_t kPython312 = 0x030c0000;

template <typename Function>
Function FunctionOf(const Export& found) {
  return reinterpret_cast<Function>(const_cast<void*>(found.address));
}

// "3.8.18 (default, ..." as PY_VERSION_HEX, as far as the minor version.
uint32_t ParseVersion(const char* text) {
  uint32_t parts[2] = {};
  for (uint32_t& part : parts) {
    while (*text >= '0' && *text <= '9') part = part * 10 + static_cast<uint32_t>(*text++ - '0');
    if (*text == '.') ++text;
  }
  return parts[0] << 24 | parts[1] << 16;
}

uint32_t VersionOf(const link_map& object) {
  const Export version = FindExport(object, "Py_Version");  // since 3.11
  if (version.address != nullptr) {
    return static_cast<uint32_t>(*static_cast<const unsigned long*>(version.address));
  }
  const Export text = FindExport(object, "Py_GetVersion");
  return text.address == nullptr ? 0 : ParseVersion(FunctionOf<const char* (*)()>(text)());
}

uint64_t Self() { return static_cast<uint64_t>(pthread_self()); }

uint64_t ThreadIdOf(const PythonInterpreter& python, const uint8_t* thread) {
  return Load<uint64_t>(thread + python.layout.thread.thread_id);
}

// Of a thread state that may be another thread's, which may be freeing it at this moment.
bool IsOwnGuarded(const PythonInterpreter& python, const uint8_t* thread) {
  uint64_t id = 0;
  return ReadGuarded(thread + python.layout.thread.thread_id, &id, sizeof(id)) && id == Self();
}

std::atomic<uint32_t> g_unknown_version{0};

bool FillIn(const link_map& object, PythonInterpreter* python) {
  const Export runtime = FindExport(object, "_PyRuntime");
  if (runtime.address == nullptr) return false;
  const uint32_t version = VersionOf(object);
  if (!LayoutOfPython(version, runtime.address, runtime.bytes, &python->layout)) {
    g_unknown_version.store(version, std::memory_order_relaxed);
    return false;
  }
  python->current_is_own = version >= kPython312;
  python->code_type = FindExport(object, "PyCode_Type").address;
  python->text_type = FindExport(object, "PyUnicode_Type").address;
  python->bytes_type = FindExport(object, "PyBytes_Type").address;
  python->type_type = static_cast<const uint8_t*>(FindExport(object, "PyType_Type").address);
  python->eval = FindExport(object, "_PyEval_EvalFrameDefault");
  Export current = FindExport(object, "PyThreadState_GetUnchecked");  // since 3.13
  if (current.address == nullptr) current = FindExport(object, "_PyThreadState_UncheckedGet");
  const Export own = FindExport(object, "PyGILState_GetThisThreadState");
  const Export get = FindExport(object, "PyMem_GetAllocator");
  const Export set = FindExport(object, "PyMem_SetAllocator");
  const Export get_arena = FindExport(object, "PyObject_GetArenaAllocator");
  const Export set_arena = FindExport(object, "PyObject_SetArenaAllocator");
  python->current_thread = FunctionOf<const uint8_t* (*)()>(current);
  python->own_thread = FunctionOf<const uint8_t* (*)()>(own);
  python->get_allocator = FunctionOf<void (*)(int, void*)>(get);
  python->set_allocator = FunctionOf<void (*)(int, const void*)>(set);
  python->get_arena_allocator = FunctionOf<void (*)(void*)>(get_arena);
  python->set_arena_allocator = FunctionOf<void (*)(const void*)>(set_arena);
  return python->code_type && python->text_type && python->bytes_type && python->type_type &&
         python->eval.address && current.address && own.address && get.address && set.address &&
         get_arena.address && set_arena.address;
}

}  // namespace

std::atomic<const PythonInterpreter*> g_python{nullptr};

bool FindPythonIn(const link_map& object) {
  static PythonInterpreter python;
  static std::atomic<bool> claimed{false};
  if (Python() != nullptr || FindExport(object, "_PyRuntime").address == nullptr) return false;
  if (claimed.exchange(true)) return false;
  if (!FillIn(object, &python)) return false;  // and no other will do: one interpreter a process
  g_python.store(&python, std::memory_order_release);
  return true;
}

uint32_t UnknownPythonVersion() { return g_unknown_version.load(std::memory_order_relaxed); }

void FindPythonAtStart() {
  dl_find_object self;
  if (_dl_find_object(reinterpret_cast<void*>(&FindPythonAtStart), &self) != 0) return;
  const link_map* object = self.dlfo_link_map;
  while (object->l_prev != nullptr) object = object->l_prev;
  for (; object != nullptr && Python() == nullptr; object = object->l_next) FindPythonIn(*object);
}

const uint8_t* OwnPythonThread(const PythonInterpreter& python) {
  const uint8_t* current = python.current_thread();
  if (python.current_is_own && current != nullptr) return current;
  const uint8_t* own = python.own_thread();
  // Without the GIL the current one is another thread's; with it, it may be a subinterpreter's.
  if (!python.current_is_own && current != own && current != nullptr &&
      IsOwnGuarded(python, current)) {
    return current;
  }
  return own != nullptr && ThreadIdOf(python, own) == Self() ? own : nullptr;
}

bool HoldsPythonLock(const PythonInterpreter& python) {
  const uint8_t* current = python.current_thread();
  return current != nullptr && (python.current_is_own || current == python.own_thread());
}

}  // namespace heapcrest
