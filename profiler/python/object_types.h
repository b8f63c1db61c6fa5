// Which type Python's sampled objects are of: int, str, a class of the program.
//
// An allocator is told a size and no more. What the memory becomes is written into it right
// afterwards: a count of references and, behind it, the address of the type. So a thread keeps the
// object that it sampled last and looks later: at its next sample, or when the object is freed.
// Until then the object is live, and under the GIL nobody frees it.
//
// A word counts as a type only when that is proven: what it points to is itself of type `type`, or
// of a type made from that. The kernel reads it, which fails where we would fault; of types that
// stay for ever it does so once. Everything else stays without a type.
// decisions/0008-object-types.md has the reasons.
//
// Thread-safe. Called from hooks: yes (slow path). Allocates: pages (arena).
#pragma once

#include <cstddef>
#include <cstdint>

#include "profiler/lock_free_table.h"
#include "profiler/python/interpreter.h"
#include "profiler/python/text.h"

namespace heapcrest {

// A sampled block of Python's object domain. Without a block: none.
struct SampledObject {
  const uint8_t* block;
  size_t bytes;
  uint64_t sample_id;            // as the table of live samples has it
  const uint8_t* python_thread;  // whose lock keeps it from being freed
};

// REQUIRES: this thread has just allocated it.
SampledObject NoteObject(const void* block, size_t bytes, uint64_t sample_id);

// Whether this thread surely holds the lock without which the object is not freed.
bool HoldsLockOf(const SampledObject& object);

enum class ObjectState {
  kLive,   // and nobody frees it meanwhile
  kDying,  // its destructor has run; about to be freed
};

struct ObjectType {
  uint64_t id;
  PythonBytes new_name;  // to be written with the first object of the type; empty: it has been
};

class PythonTypes {
 public:
  // False: it has no type that could be proven. REQUIRES: HoldsLockOf(object); it is as `state`
  // says.
  bool Find(const SampledObject& object, ObjectState state, ObjectType* type);

  // The name of the type of what is in a block; empty: unknown. REQUIRES: as above.
  PythonBytes NameOf(const PythonInterpreter& python, const uint8_t* block, size_t bytes,
                     ObjectState state);

  // REQUIRES: no other thread uses it.
  void Clear();

 private:
  bool IsType(const PythonInterpreter& python, const uint8_t* type);

  LockFreeTable static_;  // addresses of types that were proven and stay for ever
  LockFreeTable names_;   // hashes; a name's number is its slot's
};

extern PythonTypes g_python_types __attribute__((visibility("hidden")));

}  // namespace heapcrest
