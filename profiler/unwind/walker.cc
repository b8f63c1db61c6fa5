#include "profiler/unwind/walker.h"

#include <dlfcn.h>
#include <ucontext.h>

#include "profiler/glibc.h"
#include "profiler/guarded_read.h"
#include "profiler/mappings.h"
#include "profiler/unwind/eh_frame.h"

namespace heapcrest {

constinit UnwindRuleCache g_unwind_rules;

uintptr_t StackEnd(uintptr_t sp) {
  // glibc puts a thread's control block at the end of its stack, also of one that the program
  // supplied. pthread_getattr_np would allocate and read /proc.
  uintptr_t thread_end;
  asm("mov %%fs:0, %0" : "=r"(thread_end));
  const auto main_end = reinterpret_cast<uintptr_t>(__libc_stack_end);
  uintptr_t end = 0;
  for (const uintptr_t candidate : {thread_end, main_end}) {
    const bool near = candidate > sp && candidate - sp < kMaxFrameBytes;
    if (near && (end == 0 || candidate < end)) end = candidate;
  }
  return end;
}

UnwindRule LookUpRule(uintptr_t address) {
  dl_find_object object;
  UnwindRule rule;
  if (_dl_find_object(reinterpret_cast<void*>(address), &object) != 0) {
    rule.kind = UnwindRule::Kind::kUnknownCode;
    return rule;
  }
  NoteMapping(object);
  const auto* table = static_cast<const uint8_t*>(object.dlfo_eh_frame);
  if (!IsUnwindTable(table)) {  // Free Pascal's programs have none
    rule.kind = UnwindRule::Kind::kUnknownCode;
    return rule;
  }
  return ReadUnwindRule(table, address);
}

__attribute__((noinline)) bool Walker::IsReadableUnbounded(uintptr_t address) {
  constexpr uintptr_t kPageBytes = 4096;
  if (address - sp_ > kMaxFrameBytesUnbounded) return false;
  const uintptr_t page = address / kPageBytes;
  if (page == readable_page_ && address % kPageBytes <= kPageBytes - kWordBytes) return true;
  uintptr_t word;
  if (!ReadGuarded(reinterpret_cast<const void*>(address), &word, sizeof(word))) return false;
  readable_page_ = page;
  return true;
}

__attribute__((noinline)) Walker::Outcome Walker::StepSlow(UnwindRule rule) {
  switch (rule.kind) {
    case UnwindRule::Kind::kIndirectBp: {
      const uintptr_t at = bp_ + rule.cfa_offset;
      return IsReadable(at) ? StepTo(LoadWord(at), rule) : AskFullUnwinder();
    }
    case UnwindRule::Kind::kSignalFrame:
      return StepOverSignalFrame();
    case UnwindRule::Kind::kUnknownCode:
      return StepByFramePointer();
    case UnwindRule::Kind::kEnd:
      return Outcome::kEnd;
    default:
      return AskFullUnwinder();
  }
}

// It follows wrong turns off mapped memory, so it gets stacks of libc's making only.
Walker::Outcome Walker::AskFullUnwinder() const {
  return stack_end_ == 0 ? Outcome::kEnd : Outcome::kNeedsFullUnwinder;
}

Walker::Outcome Walker::StepOverSignalFrame() {
  // The handler's return address was the last word below the kernel's ucontext.
  if (!IsReadable(sp_ + sizeof(ucontext_t) - kWordBytes)) return Outcome::kEnd;
  const auto* context = reinterpret_cast<const ucontext_t*>(sp_);
  const greg_t* registers = context->uc_mcontext.gregs;
  // Interrupted, not calling: one more, so that the address before is in the instruction.
  pc_ = static_cast<uintptr_t>(registers[REG_RIP]) + 1;
  sp_ = static_cast<uintptr_t>(registers[REG_RSP]);
  bp_ = static_cast<uintptr_t>(registers[REG_RBP]);
  stack_end_ = StackEnd(sp_);  // the handler may have had a stack of its own
  return pc_ < kLowestCode ? Outcome::kEnd : Outcome::kStepped;
}

Walker::Outcome Walker::StepByFramePointer() {
  // Without a rule rbp may be anything: only within a stack that we know.
  if (stack_end_ == 0 || bp_ % kWordBytes != 0) return Outcome::kEnd;
  if (!IsReadable(bp_) || !IsReadable(bp_ + kWordBytes)) return Outcome::kEnd;
  pc_ = LoadWord(bp_ + kWordBytes);
  sp_ = bp_ + 2 * kWordBytes;
  bp_ = LoadWord(bp_);
  return pc_ < kLowestCode ? Outcome::kEnd : Outcome::kStepped;
}

}  // namespace heapcrest
