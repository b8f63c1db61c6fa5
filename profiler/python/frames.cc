#include "profiler/python/frames.h"

#include "profiler/python/memory.h"

namespace heapcrest {
namespace {

constexpr uint8_t kFirstShimOwner = 3;  // FRAME_OWNED_BY_CSTACK; 3.14 has two kinds
constexpr uint64_t kInstructionBytes = 2;

}  // namespace

PythonFrames::PythonFrames(const PythonInterpreter& python, const uint8_t* thread)
    : python_(python) {
  if (thread == nullptr) return;
  const PythonLayout& layout = python.layout;
  if (layout.thread.c_frame != PythonLayout::kAbsent) {
    c_frame_ = LoadPointer(thread + layout.thread.c_frame);
  }
  if (layout.thread.current_frame != PythonLayout::kAbsent) {
    frame_ = LoadPointer(thread + layout.thread.current_frame);
  } else if (c_frame_ != nullptr) {
    frame_ = LoadPointer(c_frame_ + layout.c_frame.current_frame);
  }
  BeginRun();
}

bool PythonFrames::IsShim(const uint8_t* frame) const {
  return python_.layout.border == PythonLayout::Border::kShim &&
         frame[python_.layout.frame.owner] >= kFirstShimOwner;
}

const uint8_t* PythonFrames::Previous(const uint8_t* frame) const {
  return LoadPointer(frame + python_.layout.frame.previous);
}

void PythonFrames::BeginRun() {
  run_is_over_ = false;
  marker_ = reinterpret_cast<uintptr_t>(c_frame_);
  if (python_.layout.border != PythonLayout::Border::kShim) return;
  const uint8_t* frame = frame_;
  for (size_t left = left_; frame != nullptr && left > 0 && !IsShim(frame); --left) {
    frame = Previous(frame);
  }
  marker_ = reinterpret_cast<uintptr_t>(frame);
}

bool PythonFrames::RunIn(uintptr_t pc, uintptr_t sp, uintptr_t cfa) const {
  if (marker_ != 0) return sp <= marker_ && marker_ < cfa;
  const auto eval = reinterpret_cast<uintptr_t>(python_.eval.address);
  return pc - 1 - eval < python_.eval.bytes;
}

bool PythonFrames::ReadFrame(const uint8_t* frame, PythonFrame* read) const {
  const PythonLayout& layout = python_.layout;
  read->code = LoadTaggedPointer(frame + layout.frame.code);
  if (!IsOfType(python_, read->code, python_.code_type)) return false;
  // Being deallocated, while its weak references are told: its texts may be gone already.
  if (!layout.free_threaded && Load<uint32_t>(read->code) == 0) return false;
  read->instruction = kNoPythonInstruction;
  if (layout.code.instructions == PythonLayout::kAbsent) {
    const auto index = Load<int32_t>(frame + layout.frame.instruction);
    const unsigned unit = layout.lines == PythonLines::kLineNumberTable ? kInstructionBytes : 1;
    const uint64_t instruction = index < 0 ? 0 : static_cast<uint64_t>(index) / unit;
    if (instruction < kNoPythonInstruction) read->instruction = instruction;
    return true;
  }
  const auto at = Load<uint64_t>(frame + layout.frame.instruction);
  const auto begin = reinterpret_cast<uint64_t>(read->code) + layout.code.instructions;
  // A frame that has just been made stands before its first instruction.
  if (at + kInstructionBytes == begin) read->instruction = 0;
  const uint64_t instruction = (at - begin) / kInstructionBytes;
  if (at >= begin && instruction < kNoPythonInstruction) read->instruction = instruction;
  return true;
}

bool PythonFrames::NextInRun(PythonFrame* frame) {
  const PythonLayout& layout = python_.layout;
  while (frame_ != nullptr && !run_is_over_) {
    const uint8_t* at = frame_;
    frame_ = left_ == 0 ? nullptr : Previous(at);
    if (left_ > 0) --left_;
    if (IsShim(at)) {
      run_is_over_ = true;
      break;
    }
    run_is_over_ =
        layout.border == PythonLayout::Border::kEveryFrame ||
        (layout.border == PythonLayout::Border::kEntryFlag && at[layout.frame.is_entry] != 0);
    if (ReadFrame(at, frame)) return true;
  }
  if (c_frame_ != nullptr && layout.border != PythonLayout::Border::kShim) {
    c_frame_ = LoadPointer(c_frame_ + layout.c_frame.previous);
  }
  BeginRun();
  return false;
}

}  // namespace heapcrest
