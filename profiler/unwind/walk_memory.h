// The frames of the walk before, so that the next one looks up rules only for what is new.
//
// The samples of a thread mostly share their outer frames. A frame with the same pc, sp and bp as
// before has the same rule, hence the same caller, if the words that the rule loads (the return
// address, the caller's saved rbp) are still what they were. To compare two words in the order of
// the stack is cheap; a lookup is a random access to a table of 512 KB, which the program has
// pushed out of the caches by the next sample.
//
// Not thread-safe: one for each walk at a time. Called from hooks: yes. Allocates: never.
#pragma once

#include <cstddef>
#include <cstdint>

namespace heapcrest {

// Zeroed memory remembers nothing.
class WalkMemory {
 public:
  struct Frame {
    uintptr_t pc, sp, bp;
    uintptr_t bp_at;  // where its caller's rbp is saved: kNowhere, or kOther
  };
  static constexpr uintptr_t kNowhere = 0;  // rbp is the caller's still
  static constexpr uintptr_t kOther = 1;    // its rule loads something else: not to be repeated

  // `epoch` of the loaded libraries: rules of another one are others.
  void Begin(uint64_t epoch) {
    now_ = !now_;
    before_count_ = epoch == epoch_ ? now_count_ : 0;
    epoch_ = epoch;
    now_count_ = next_ = 0;
  }

  // The frame of the walk before that is the one at hand; its caller's stands behind it. Null:
  // none.
  const Frame* Find(uintptr_t pc, uintptr_t sp, uintptr_t bp) {
    const Frame* frames = frames_[!now_];
    while (next_ + 1 < before_count_ && frames[next_].sp < sp) ++next_;
    if (next_ + 1 >= before_count_) return nullptr;
    const Frame& frame = frames[next_];
    return frame.sp == sp && frame.pc == pc && frame.bp == bp ? &frame : nullptr;
  }

  void Add(const Frame& frame) {
    if (now_count_ < kFrames) frames_[now_][now_count_++] = frame;
  }

 private:
  static constexpr size_t kFrames = 512;  // the innermost

  bool now_;  // which half of `frames_` is being filled
  uint64_t epoch_;
  size_t now_count_, before_count_;
  size_t next_;  // no frame of the walk before this one is met any more
  Frame frames_[2][kFrames];
};

}  // namespace heapcrest
