// The Python frames that the calling thread is in, innermost first, in runs: each C frame of the
// evaluation loop runs one or more Python frames.
//
// They are the calling thread's own, so they stand still while it is in a hook; what they lead to
// is checked for being what it should before it is used, and a chain that goes astray ends.
//
// Thread-safe: reads the calling thread's frames only. Called from hooks: yes (slow path).
// Allocates: never.
#pragma once

#include <cstddef>
#include <cstdint>

#include "profiler/python/interpreter.h"

namespace heapcrest {

struct PythonFrame {
  const uint8_t* code;   // a PyCodeObject
  uint64_t instruction;  // in code units; kNoPythonInstruction: unknown
};

class PythonFrames {
 public:
  // `thread` is a PyThreadState of this thread; null: it has no frames.
  PythonFrames(const PythonInterpreter& python, const uint8_t* thread);

  bool AtEnd() const { return frame_ == nullptr; }

  // Whether the C frame that spans [sp, cfa) and stands at `pc` is the one that runs what is next.
  bool RunIn(uintptr_t pc, uintptr_t sp, uintptr_t cfa) const;

  // Hands over the next frame of the run. False: the run is over; the next one is ready.
  bool NextInRun(PythonFrame* frame);

 private:
  static constexpr size_t kMostFrames = size_t{1} << 16;

  void BeginRun();
  bool IsShim(const uint8_t* frame) const;
  bool ReadFrame(const uint8_t* frame, PythonFrame* read) const;
  const uint8_t* Previous(const uint8_t* frame) const;

  const PythonInterpreter& python_;
  const uint8_t* frame_ = nullptr;
  const uint8_t* c_frame_ = nullptr;
  uintptr_t marker_ = 0;  // an address within the C frame of this run; 0: only its code tells
  bool run_is_over_ = false;
  size_t left_ = kMostFrames;
};

}  // namespace heapcrest
