#include "profiler/call_stack.h"

#include <dlfcn.h>
#include <ucontext.h>

#include <algorithm>
#include <boost/stacktrace/safe_dump_to.hpp>

#include "profiler/glibc.h"
#include "profiler/mappings.h"
#include "profiler/unwind/eh_frame.h"
#include "profiler/unwind/unwind_rule.h"

namespace heapcrest {
namespace {

constexpr uintptr_t kWordBytes = sizeof(uintptr_t);
constexpr uintptr_t kLowestCode = 4096;  // nothing is mapped below
// A single frame may be so large: on a stack whose end we know, and on one that we do not
// (a coroutine's), where a wrong rule must not lead us off mapped memory.
constexpr uintptr_t kMaxFrameBytes = uintptr_t{64} << 20;
constexpr uintptr_t kMaxFrameBytesUnbounded = uintptr_t{256} << 10;

UnwindRuleCache g_rules;

// Collects frames from the innermost outwards, filling CallStack::storage from its end, so that
// the result stands root first. Frames beyond the room go round in the lower half.
class Collector {
 public:
  explicit Collector(CallStack* stack) : stack_(stack) {}

  void Add(uintptr_t address) {
    hash_ = (hash_ ^ address) * 0x9e3779b97f4a7c15;
    stack_->storage[PlaceOf(frames_++)] = address;
  }

  void Finish() {
    stack_->hash = hash_ ^ (hash_ >> 32);
    stack_->omitted = frames_ > kMaxStackFrames ? frames_ - kMaxStackFrames : 0;
    stack_->gap = stack_->omitted > 0 ? kHalf : 0;
    stack_->count = frames_ - stack_->omitted;
    stack_->addresses = stack_->storage + kMaxStackFrames - stack_->count;
    if (stack_->omitted > 0) {
      std::rotate(stack_->storage, stack_->storage + PlaceOf(frames_ - 1), stack_->storage + kHalf);
    }
  }

 private:
  static constexpr size_t kHalf = kMaxStackFrames / 2;
  static size_t PlaceOf(size_t n) {
    return n < kMaxStackFrames ? kMaxStackFrames - 1 - n : kHalf - 1 - (n - kHalf) % kHalf;
  }

  CallStack* stack_;
  size_t frames_ = 0;
  uint64_t hash_ = 0x243f6a8885a308d3;
};

// The end of the stack that `sp` lies on, 0 when that is none of libc's making.
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

uintptr_t Load(uintptr_t address) { return *reinterpret_cast<const uintptr_t*>(address); }

// Asks the dynamic loader, without a lock (glibc 2.35), and notes the library for the capture.
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

// Steps from frame to frame. `pc` is one behind the call.
class Walker {
 public:
  Walker(uintptr_t pc, uintptr_t sp, uintptr_t bp)
      : pc_(pc), sp_(sp), bp_(bp), stack_end_(StackEnd(sp)) {}

  enum class Outcome { kStepped, kEnd, kNeedsFullUnwinder };
  inline __attribute__((always_inline)) Outcome Step();
  uintptr_t pc() const { return pc_; }

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

Walker::Outcome Walker::Step() {
  const uintptr_t in_call = pc_ - 1;
  UnwindRule rule;
  if (!g_rules.Find(in_call, &rule)) [[unlikely]] {
    rule = LookUpRule(in_call);
    g_rules.Add(in_call, rule);
  }
  if (rule.kind == UnwindRule::Kind::kFromSp) return StepTo(sp_ + rule.cfa_offset, rule);
  if (rule.kind == UnwindRule::Kind::kFromBp) return StepTo(bp_ + rule.cfa_offset, rule);
  return StepSlow(rule);
}

Walker::Outcome Walker::StepTo(uintptr_t cfa, UnwindRule rule) {
  // Stacks grow down and a frame holds at least its return address: anything else is a wrong turn.
  if (cfa <= sp_ || !IsReadable(cfa - kWordBytes)) [[unlikely]]
    return Outcome::kEnd;
  pc_ = Load(cfa - kWordBytes);
  if (rule.bp_saved) {
    const uintptr_t at = cfa + rule.bp_offset;
    if (!IsReadable(at)) [[unlikely]]
      return Outcome::kEnd;
    bp_ = Load(at);
  }
  sp_ = cfa;
  return pc_ < kLowestCode ? Outcome::kEnd : Outcome::kStepped;
}

__attribute__((noinline)) Walker::Outcome Walker::StepSlow(UnwindRule rule) {
  switch (rule.kind) {
    case UnwindRule::Kind::kIndirectBp: {
      const uintptr_t at = bp_ + rule.cfa_offset;
      return IsReadable(at) ? StepTo(Load(at), rule) : Outcome::kNeedsFullUnwinder;
    }
    case UnwindRule::Kind::kSignalFrame:
      return StepOverSignalFrame();
    case UnwindRule::Kind::kUnknownCode:
      return StepByFramePointer();
    case UnwindRule::Kind::kEnd:
      return Outcome::kEnd;
    default:
      return Outcome::kNeedsFullUnwinder;
  }
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
  pc_ = Load(bp_ + kWordBytes);
  sp_ = bp_ + 2 * kWordBytes;
  bp_ = Load(bp_);
  return pc_ < kLowestCode ? Outcome::kEnd : Outcome::kStepped;
}

}  // namespace

__attribute__((noinline)) void CaptureCallStack(CallStack* stack) {
  const auto frame = reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
  Walker walker(reinterpret_cast<uintptr_t>(__builtin_return_address(0)), frame + 2 * kWordBytes,
                Load(frame));
  Collector frames(stack);
  bool own = true;
  Walker::Outcome outcome;
  do {
    own = own && IsOwnCode(walker.pc());
    if (!own) frames.Add(walker.pc());
    outcome = walker.Step();
  } while (outcome == Walker::Outcome::kStepped);
  if (outcome == Walker::Outcome::kNeedsFullUnwinder) return CaptureCallStackWithBoost(stack);
  frames.Finish();
}

void CaptureCallStackWithBoost(CallStack* stack) {
  using Address = boost::stacktrace::detail::native_frame_ptr_t;
  auto* dump = reinterpret_cast<Address*>(stack->storage);
  const size_t count = boost::stacktrace::safe_dump_to(dump, sizeof(stack->storage));
  // Innermost first and ended by a null; turned round in place.
  size_t first = 0, last = 0;
  while (last < count && dump[last] != nullptr) ++last;
  while (first < last && IsOwnCode(stack->storage[first])) ++first;
  std::reverse(stack->storage + first, stack->storage + last);
  stack->addresses = stack->storage + first;
  stack->count = last - first;
  stack->omitted = 0;
  stack->gap = 0;
  stack->hash = 0x13198a2e03707344;
  dl_find_object object;
  for (size_t i = 0; i < stack->count; ++i) {
    stack->hash = (stack->hash ^ stack->addresses[i]) * 0x9e3779b97f4a7c15;
    void* in_call = reinterpret_cast<void*>(stack->addresses[i] - 1);
    if (_dl_find_object(in_call, &object) == 0) NoteMapping(object);
  }
}

void ForgetUnwindRules() { g_rules.Clear(); }

}  // namespace heapcrest
