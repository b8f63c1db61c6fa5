// Runs DWARF call frame instructions (DWARF 5, section 6.4.2) up to the row of one address.
//
// Follows the canonical frame address, rbp and the return address; other registers are read over.
//
// Not thread-safe. Called from hooks: yes (slow path). Allocates: never.
#pragma once

#include <cstdint>

#include "profiler/unwind/dwarf_cursor.h"
#include "profiler/unwind/unwind_rule.h"

namespace heapcrest {

// What many functions' frame entries have in common (a CIE).
struct CommonEntry {
  uint64_t code_align = 1;
  int64_t data_align = 1;
  uint8_t pointer_encoding = 0;
  bool augmented = false;
  bool signal_frame = false;
  const uint8_t* instructions = nullptr;
  const uint8_t* end = nullptr;
};

// What the call frame instructions say so far.
struct RowState {
  UnwindRule::Kind kind = UnwindRule::Kind::kUnsupported;
  int64_t cfa_offset = 0;
  bool bp_saved = false;
  int64_t bp_offset = 0;
  bool return_undefined = false;
  bool inexpressible = false;  // a rule for rbp or the return address that we do not model
};

class RowMachine {
 public:
  RowMachine(const CommonEntry& common, uintptr_t start, uintptr_t address)
      : common_(common), location_(start), address_(address) {}

  // False: something that it does not know.
  bool Run(const uint8_t* begin, const uint8_t* end);
  void KeepInitialState() { initial_ = state_; }
  // The row as a rule; kUnsupported if three numbers cannot express it.
  UnwindRule Express() const;

 private:
  bool Step(DwarfCursor* in);
  bool StepExtended(uint8_t opcode, DwarfCursor* in);
  bool StepCfa(uint8_t opcode, DwarfCursor* in);
  bool StepRegister(uint8_t opcode, DwarfCursor* in);
  void Advance(uint64_t delta) { location_ += delta * common_.code_align; }
  void SetCfa(uint64_t reg, int64_t offset);
  void Saved(uint64_t reg, int64_t offset);
  void Restore(uint64_t reg);
  void Inexpressible(uint64_t reg);
  bool CfaExpression(DwarfCursor* in);

  static constexpr int kDepth = 8;
  const CommonEntry& common_;
  uintptr_t location_;
  const uintptr_t address_;
  RowState state_, initial_, remembered_[kDepth];
  int depth_ = 0;
};

}  // namespace heapcrest
