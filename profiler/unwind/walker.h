// Steps through the C frames of the calling thread, innermost first.
//
// As in the walk before, where nothing has changed; by rules from .eh_frame through a process-wide
// cache; by frame pointers across code that none describes. The hot part is inline: 8 ns a frame.
//
// Not thread-safe: one for each walk. Called from hooks: yes. Allocates: never.
#pragma once

#include <cstddef>
#include <cstdint>

#include "profiler/unwind/unwind_rule.h"
#include "profiler/unwind/walk_memory.h"

namespace heapcrest {

inline constexpr uintptr_t kWordBytes = sizeof(uintptr_t);
inline constexpr uintptr_t kLowestCode = 4096;  // nothing is mapped below
// A single frame may be so large: on a stack whose end we know, and on one that we do not (a
// coroutine's), where the kernel is asked for each page: its top may be a few bytes away.
inline constexpr uintptr_t kMaxFrameBytes = uintptr_t{64} << 20;
inline constexpr uintptr_t kMaxFrameBytesUnbounded = uintptr_t{256} << 10;

extern UnwindRuleCache g_unwind_rules __attribute__((visibility("hidden")));

inline uintptr_t LoadWord(uintptr_t address) {
  return *reinterpret_cast<const uintptr_t*>(address);
}

// The end of the stack that `sp` lies on, 0 when that is none of libc's making.
uintptr_t StackEnd(uintptr_t sp);

// Asks the dynamic loader, without a lock (glibc 2.35), and notes the library for the capture.
UnwindRule LookUpRule(uintptr_t address);

// `pc` is one behind the call. Continues what `memory` has begun.
class Walker {
 public:
  Walker(uintptr_t pc, uintptr_t sp, uintptr_t bp, WalkMemory* memory)
      : pc_(pc), sp_(sp), bp_(bp), stack_end_(StackEnd(sp)), memory_(memory) {}

  enum class Outcome { kStepped, kEnd, kNeedsFullUnwinder };
  inline __attribute__((always_inline)) Outcome Step();
  uintptr_t pc() const { return pc_; }
  uintptr_t sp() const { return sp_; }

 private:
  // From sp up to the end of the stack; below sp the difference wraps round and is too large too.
  bool IsReadable(uintptr_t address) {
    if (stack_end_ == 0) [[unlikely]]
      return IsReadableUnbounded(address);
    return address - sp_ <= stack_end_ - kWordBytes - sp_;
  }
  bool IsReadableUnbounded(uintptr_t address);
  inline __attribute__((always_inline)) bool StepAsBefore();
  inline __attribute__((always_inline)) Outcome StepByRule(UnwindRule rule);
  inline __attribute__((always_inline)) Outcome StepTo(uintptr_t cfa, UnwindRule rule);
  Outcome StepSlow(UnwindRule rule);
  Outcome AskFullUnwinder() const;
  Outcome StepOverSignalFrame();
  Outcome StepByFramePointer();

  uintptr_t pc_, sp_, bp_;
  uintptr_t stack_end_;
  uintptr_t readable_page_ = 0;  // of a stack whose end is not known
  WalkMemory* memory_;
};

// The addresses were readable then; the stack may be another one now.
inline __attribute__((always_inline)) bool Walker::StepAsBefore() {
  const WalkMemory::Frame* frame = memory_->Find(pc_, sp_, bp_);
  if (frame == nullptr || frame->bp_at == WalkMemory::kOther) return false;
  const WalkMemory::Frame& caller = frame[1];
  const uintptr_t return_at = caller.sp - kWordBytes;
  if (!IsReadable(return_at) || LoadWord(return_at) != caller.pc) return false;
  if (frame->bp_at != WalkMemory::kNowhere &&
      (!IsReadable(frame->bp_at) || LoadWord(frame->bp_at) != caller.bp)) {
    return false;
  }
  memory_->Add(*frame);
  pc_ = caller.pc;
  sp_ = caller.sp;
  bp_ = caller.bp;
  return true;
}

inline __attribute__((always_inline)) Walker::Outcome Walker::Step() {
  if (StepAsBefore()) return Outcome::kStepped;
  const uintptr_t in_call = pc_ - 1;
  UnwindRule rule;
  if (!g_unwind_rules.Find(in_call, &rule)) [[unlikely]] {
    rule = LookUpRule(in_call);
    g_unwind_rules.Add(in_call, rule);
  }
  WalkMemory::Frame frame = {pc_, sp_, bp_, WalkMemory::kOther};
  const Outcome outcome = StepByRule(rule);
  const bool is_plain =
      rule.kind == UnwindRule::Kind::kFromSp || rule.kind == UnwindRule::Kind::kFromBp;
  if (is_plain) frame.bp_at = rule.bp_saved ? sp_ + rule.bp_offset : WalkMemory::kNowhere;
  memory_->Add(frame);
  return outcome;
}

inline __attribute__((always_inline)) Walker::Outcome Walker::StepByRule(UnwindRule rule) {
  if (rule.kind == UnwindRule::Kind::kFromSp) return StepTo(sp_ + rule.cfa_offset, rule);
  if (rule.kind == UnwindRule::Kind::kFromBp) return StepTo(bp_ + rule.cfa_offset, rule);
  return StepSlow(rule);
}

inline __attribute__((always_inline)) Walker::Outcome Walker::StepTo(uintptr_t cfa,
                                                                     UnwindRule rule) {
  // Stacks grow down and a frame holds at least its return address: anything else is a wrong turn.
  if (cfa <= sp_ || !IsReadable(cfa - kWordBytes)) [[unlikely]]
    return Outcome::kEnd;
  pc_ = LoadWord(cfa - kWordBytes);
  if (rule.bp_saved) {
    const uintptr_t at = cfa + rule.bp_offset;
    if (!IsReadable(at)) [[unlikely]]
      return Outcome::kEnd;
    bp_ = LoadWord(at);
  }
  sp_ = cfa;
  return pc_ < kLowestCode ? Outcome::kEnd : Outcome::kStepped;
}

}  // namespace heapcrest
