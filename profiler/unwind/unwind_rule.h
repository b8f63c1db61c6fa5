// How to step from one frame to its caller, in 64 bits, and a cache of such rules by address.
//
// Nearly every call site of x86-64 code needs three numbers: where the canonical frame address
// (CFA, the caller's stack pointer after the call returns) lies relative to rsp or rbp, and where
// the caller's rbp was saved relative to it. The return address is always at CFA - 8. Parsing that
// from .eh_frame costs about a microsecond, a look into the cache one nanosecond.
//
// Thread-safe and async-signal-safe. Called from hooks: yes (slow path). Allocates: never.
#pragma once

#include <cstdint>

#include "profiler/racy_cache.h"

namespace heapcrest {

struct UnwindRule {
  enum class Kind : uint8_t {
    kUnsupported,  // needs a full unwinder
    kEnd,          // the outermost frame
    kFromSp,       // CFA = rsp + cfa_offset
    kFromBp,       // CFA = rbp + cfa_offset
    kIndirectBp,   // CFA = *(rbp + cfa_offset): code that realigned its stack
    kSignalFrame,  // the kernel's frame of a signal handler
    kUnknownCode,  // no library holds this address: code made at run time
  };
  Kind kind = Kind::kUnsupported;
  bool bp_saved = false;
  int32_t cfa_offset = 0;
  int32_t bp_offset = 0;  // relative to the CFA; 24 bits

  uint64_t Pack() const {
    return static_cast<uint64_t>(kind) | static_cast<uint64_t>(bp_saved) << 7 |
           static_cast<uint64_t>(static_cast<uint32_t>(bp_offset) & 0xffffff) << 8 |
           static_cast<uint64_t>(static_cast<uint32_t>(cfa_offset)) << 32;
  }
  static UnwindRule Unpack(uint64_t bits) {
    UnwindRule rule;
    rule.kind = static_cast<Kind>(bits & 0x7f);
    rule.bp_saved = (bits >> 7 & 1) != 0;
    rule.bp_offset = static_cast<int32_t>(static_cast<uint32_t>(bits)) >> 8;
    rule.cfa_offset = static_cast<int32_t>(bits >> 32);
    return rule;
  }
  bool Fits() const { return bp_offset >= -(1 << 23) && bp_offset < (1 << 23); }
};

class UnwindRuleCache {
 public:
  bool Find(uintptr_t address, UnwindRule* rule) const {
    uint64_t bits;
    if (!rules_.Find(address, &bits)) return false;
    *rule = UnwindRule::Unpack(bits);
    return true;
  }
  void Add(uintptr_t address, UnwindRule rule) { rules_.Add(address, rule.Pack()); }
  void Clear() { rules_.Clear(); }

 private:
  RacyCache<15> rules_;
};

}  // namespace heapcrest
