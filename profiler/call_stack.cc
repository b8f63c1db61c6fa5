#include "profiler/call_stack.h"

#include <dlfcn.h>

#include <algorithm>
#include <boost/stacktrace/safe_dump_to.hpp>

#include "profiler/mappings.h"
#include "profiler/python/frames.h"
#include "profiler/unwind/table_pages.h"
#include "profiler/unwind/walker.h"

namespace heapcrest {
namespace {

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

// Puts Python's frames where they belong among those of C.
class PythonMerger {
 public:
  PythonMerger(const PythonInterpreter& python, CallStack* stack, Collector* frames)
      : python_(python),
        frames_(python, OwnPythonThread(python)),
        new_code_(&stack->new_python_code),
        collector_(frames) {}

  // After the C frame at `pc`, which spans [sp, cfa), but ahead of it on the way outwards: it runs
  // what is inside of it.
  void AddRunOf(uintptr_t pc, uintptr_t sp, uintptr_t cfa) {
    if (!frames_.AtEnd() && frames_.RunIn(pc, sp, cfa)) AddRun();
  }

  // What C frames were not found for.
  void AddRest() {
    while (!frames_.AtEnd()) AddRun();
  }
  bool HasRest() const { return !frames_.AtEnd(); }

 private:
  void AddRun() {
    for (PythonFrame frame; frames_.NextInRun(&frame);) {
      collector_->Add(MakePythonFrame(IdOf(frame.code), frame.instruction));
    }
  }

  // A recursion meets the same code again and again.
  uint64_t IdOf(const uint8_t* code) {
    Known& known = known_[reinterpret_cast<uintptr_t>(code) / 64 % kKnown];
    if (known.code != code) known = {code, g_python_code.Intern(python_, code, new_code_)};
    return known.id;
  }

  static constexpr size_t kKnown = 16;
  struct Known {
    const uint8_t* code;
    uint64_t id;
  };
  const PythonInterpreter& python_;
  PythonFrames frames_;
  NewPythonCode* new_code_;
  Collector* collector_;
  Known known_[kKnown] = {};
};

// Walks to the end of the stack, with what merges Python's frames in, or without. Our own frames
// are innermost; below Python's allocator, which may call malloc itself, they are anywhere.
template <bool kOwnAnywhere, typename Merge>
inline __attribute__((always_inline)) Walker::Outcome Walk(Walker* walker, Collector* frames,
                                                           Merge merge) {
  bool own = true;
  Walker::Outcome outcome;
  do {
    const uintptr_t pc = walker->pc(), sp = walker->sp();
    own = (kOwnAnywhere || own) && IsOwnCode(pc);
    outcome = walker->Step();
    merge(pc, sp, walker->sp());
    if (!own) frames->Add(pc);
  } while (outcome == Walker::Outcome::kStepped);
  return outcome;
}

// Returns whether the full unwinder is needed.
__attribute__((noinline)) bool WalkWithPython(const PythonInterpreter& python, Walker* walker,
                                              CallStack* stack, Collector* frames) {
  PythonMerger merger(python, stack, frames);
  const auto merge = [&merger](uintptr_t pc, uintptr_t sp, uintptr_t cfa) {
    merger.AddRunOf(pc, sp, cfa);
  };
  const Walker::Outcome outcome = Walk<true>(walker, frames, merge);
  // Python's frames say more than the rest of the C frames would.
  const bool is_known = merger.HasRest();
  merger.AddRest();
  return outcome == Walker::Outcome::kNeedsFullUnwinder && !is_known;
}

}  // namespace

__attribute__((noinline)) void CaptureCallStack(CallStack* stack) {
  stack->new_python_code.count = 0;
  const auto frame = reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
  stack->memory.Begin(MappingEpoch());
  Walker walker(reinterpret_cast<uintptr_t>(__builtin_return_address(0)), frame + 2 * kWordBytes,
                LoadWord(frame), &stack->memory);
  Collector frames(stack);
  const PythonInterpreter* python = Python();
  bool needs_full_unwinder;
  if (python != nullptr) {
    needs_full_unwinder = WalkWithPython(*python, &walker, stack, &frames);
  } else {
    const auto nothing = [](uintptr_t, uintptr_t, uintptr_t) {};
    needs_full_unwinder =
        Walk<false>(&walker, &frames, nothing) == Walker::Outcome::kNeedsFullUnwinder;
  }
  if (needs_full_unwinder) return CaptureCallStackWithBoost(stack);
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

void ForgetUnwindRules() {
  g_unwind_rules.Clear();
  g_table_pages.Forget();
}

}  // namespace heapcrest
