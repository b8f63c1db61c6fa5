// Steps through the C frames of the calling thread, innermost first.
//
// By rules from .eh_frame through a process-wide cache, by frame pointers across code that none
// describes. The hot part is inline: 8 ns a frame.
//
// Not thread-safe: one for each walk. Called from hooks: yes. Allocates: never.
#pragma once

#include <cstddef>
#include <cstdint>

#include "profiler/unwind/unwind_rule.h"

namespace heapcrest {

inline constexpr uintptr_t kWordBytes = sizeof(uintptr_t);
inline constexpr uintptr_t kLowestCode = 4096;  // nothing is mapped below
// A single frame may be so large: on a stack whose end we know, and on one that we do not
// (a coroutine's), where a wrong rule must not lead us off mapped memory.
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

// `pc` is one behind the call.
class Walker {
 public:
  Walker(uintptr_t pc, uintptr_t sp, uintptr_t bp)
      : pc_(pc), sp_(sp), bp_(bp), stack_end_(StackEnd(sp)) {}

  enum class Outcome { kStepped, kEnd, kNeedsFullUnwinder };
  inline __attribute__((always_inline)) Outcome Step();
  uintptr_t pc() const { return pc_; }
  uintptr_t sp() const { return sp_; }

 private:
  // From sp up to the end of the stack; below sp the difference wraps round and is too large too.
  bool IsReadable(uintptr_t address) const {
    const uintptr_t most =
        stack_end_ != 0 ? stack_end_ - kWordBytes - sp_ : kMaxFrameBytesUnbounded;
    return address - sp_ <= most;
  }
  inline __attribute__((always_inline)) Outcome StepTo(uintptr_t cfa, UnwindRule rule);
  Outcome StepSlow(UnwindRule rule);
  Outcome StepOverSignalFrame();
  Outcome StepByFramePointer();

  uintptr_t pc_, sp_, bp_;
  uintptr_t stack_end_;
};

inline __attribute__((always_inline)) Walker::Outcome Walker::Step() {
  const uintptr_t in_call = pc_ - 1;
  UnwindRule rule;
  if (!g_unwind_rules.Find(in_call, &rule)) [[unlikely]] {
    rule = LookUpRule(in_call);
    g_unwind_rules.Add(in_call, rule);
  }
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
