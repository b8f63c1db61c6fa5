#include "profiler/python/object_types.h"

#include <cstring>

#include "profiler/python/memory.h"

namespace heapcrest {
namespace {

// What may stand in front of an object: nothing, the collector's header, and, since 3.11, the dict
// of an instance in front of that.
constexpr size_t kHeaderBytes[] = {0, 16, 32};

// The beginning of a PyTypeObject, the same from 3.8 on.
struct TypeHead {
  uint64_t references;
  uint64_t type;
  uint64_t size;
  uint64_t name;
  uint64_t slots[17];
  uint64_t flags;
};
static_assert(offsetof(TypeHead, flags) == 168);
constexpr uint64_t kHeapType = uint64_t{1} << 9;       // Py_TPFLAGS_HEAPTYPE
constexpr uint64_t kTypeSubclass = uint64_t{1} << 31;  // Py_TPFLAGS_TYPE_SUBCLASS

constexpr size_t kMostNameBytes = 256;

// A count, and no address. An immortal object's is around 2^32 - 1 (3.12) or 3 * 2^30 (3.14); the
// upper half has a few flags since 3.14.
bool IsReferenceCount(uint64_t word, ObjectState state) {
  constexpr uint32_t kLowestAddress = 0x400000, kImmortal = 0xc0000000;
  constexpr uint64_t kMostFlags = 0xff;
  const auto count = static_cast<uint32_t>(word);
  if ((word >> 32 & 0xffff) != 0 || word >> 48 > kMostFlags) return false;
  if (state == ObjectState::kDying) return count == 0;
  return count != 0 && (count < kLowestAddress || count >= kImmortal);
}

uint64_t KeyOf(const uint8_t* type) { return reinterpret_cast<uint64_t>(type); }

// FNV-1a.
uint64_t HashOf(const PythonBytes& name) {
  uint64_t hash = 0xcbf29ce484222325;
  for (size_t i = 0; i < name.count; ++i) hash = (hash ^ name.data[i]) * 0x100000001b3;
  return hash == 0 || hash == UINT64_MAX ? 1 : hash;  // the table's own marks
}

}  // namespace

constinit PythonTypes g_python_types;

SampledObject NoteObject(const void* block, size_t bytes, uint64_t sample_id) {
  const PythonInterpreter* python = Python();
  if (python == nullptr) return {};
  return {static_cast<const uint8_t*>(block), bytes, sample_id, python->current_thread()};
}

bool HoldsLockOf(const SampledObject& object) {
  const PythonInterpreter* python = Python();
  // Subinterpreters may have a lock each.
  return python != nullptr && HoldsPythonLock(*python) &&
         python->current_thread() == object.python_thread;
}

bool PythonTypes::Find(const SampledObject& object, ObjectState state, ObjectType* type) {
  const PythonBytes name = NameOf(*Python(), object.block, object.bytes, state);
  if (name.count == 0) return false;
  const uint64_t hash = HashOf(name);
  *type = {names_.Find(hash), {}};
  if (type->id == LockFreeTable::kNoSlot) *type = {names_.Insert(hash, 0), name};
  return type->id != LockFreeTable::kNoSlot;
}

PythonBytes PythonTypes::NameOf(const PythonInterpreter& python, const uint8_t* block, size_t bytes,
                                ObjectState state) {
  for (const size_t header : kHeaderBytes) {
    if (header + 2 * sizeof(uint64_t) > bytes) break;
    const uint8_t* object = block + header;
    if (!IsReferenceCount(Load<uint64_t>(object), state)) continue;
    const uint8_t* type = LoadPointer(object + python.layout.object.type);
    if (type == nullptr || !IsType(python, type)) continue;
    const auto* name = Load<const uint8_t*>(type + offsetof(TypeHead, name));
    if (name == nullptr) continue;
    return {name, strnlen(reinterpret_cast<const char*>(name), kMostNameBytes), 1};
  }
  return {};
}

bool PythonTypes::IsType(const PythonInterpreter& python, const uint8_t* type) {
  if (static_.Find(KeyOf(type)) != LockFreeTable::kNoSlot) return true;
  TypeHead head, metatype;
  if (!ReadGuarded(type, &head, sizeof(head)) || head.references == 0) return false;
  if (head.type != KeyOf(python.type_type)) {
    const uint8_t* above = AsPointer(head.type);
    if (above == nullptr || !ReadGuarded(above, &metatype, sizeof(metatype))) return false;
    // Any instance of a class has a type of type `type`: only of a metaclass is it a type itself.
    if (metatype.type != KeyOf(python.type_type) || (metatype.flags & kTypeSubclass) == 0) {
      return false;
    }
  }
  if ((head.flags & kHeapType) == 0) static_.Insert(KeyOf(type), 0);
  return true;
}

void PythonTypes::Clear() {
  static_.Clear();
  names_.Clear();
}

}  // namespace heapcrest
