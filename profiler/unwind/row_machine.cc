#include "profiler/unwind/row_machine.h"

#include <dwarf.h>  // the names of opcodes: no code of libdw

namespace heapcrest {
namespace {

// DWARF register numbers of x86-64.
constexpr uint64_t kRbp = 6;
constexpr uint64_t kRsp = 7;
constexpr uint64_t kReturnAddress = 16;

}  // namespace

bool RowMachine::Run(const uint8_t* begin, const uint8_t* end) {
  DwarfCursor in(begin);
  while (in.at() < end) {
    if (!Step(&in)) return false;
    if (location_ > address_) return true;  // the row before was the one
  }
  return true;
}

void RowMachine::SetCfa(uint64_t reg, int64_t offset) {
  state_.cfa_offset = offset;
  state_.kind = reg == kRsp   ? UnwindRule::Kind::kFromSp
                : reg == kRbp ? UnwindRule::Kind::kFromBp
                              : UnwindRule::Kind::kUnsupported;
}

void RowMachine::Saved(uint64_t reg, int64_t offset) {
  if (reg == kRbp) {
    state_.bp_saved = true;
    state_.bp_offset = offset;
  } else if (reg == kReturnAddress) {
    state_.inexpressible |= offset != -8;
    state_.return_undefined = false;
  }
}

void RowMachine::Restore(uint64_t reg) {
  if (reg == kRbp) {
    state_.bp_saved = initial_.bp_saved;
    state_.bp_offset = initial_.bp_offset;
  } else if (reg == kReturnAddress) {
    state_.return_undefined = initial_.return_undefined;
  }
}

void RowMachine::Inexpressible(uint64_t reg) {
  state_.inexpressible |= reg == kRbp || reg == kReturnAddress;
}

bool RowMachine::CfaExpression(DwarfCursor* in) {
  const uint64_t bytes = in->Unsigned();
  DwarfCursor expression = *in;
  in->Skip(bytes);
  // DW_OP_breg6 n, DW_OP_deref: what gcc emits behind a realigned stack.
  state_.kind = UnwindRule::Kind::kUnsupported;
  if (bytes >= 3 && expression.Fixed<uint8_t>() == 0x70 + kRbp) {
    state_.cfa_offset = expression.Signed();
    if (expression.Fixed<uint8_t>() == 0x06 && expression.at() == in->at()) {
      state_.kind = UnwindRule::Kind::kIndirectBp;
    }
  }
  return true;
}

bool RowMachine::Step(DwarfCursor* in) {
  const uint8_t byte = in->Fixed<uint8_t>();
  const uint8_t low = byte & 0x3f;
  switch (byte & 0xc0) {
    case DW_CFA_advance_loc:
      Advance(low);
      return true;
    case DW_CFA_offset:
      Saved(low, static_cast<int64_t>(in->Unsigned()) * common_.data_align);
      return true;
    case DW_CFA_restore:
      Restore(low);
      return true;
    default:
      return StepExtended(low, in);
  }
}

bool RowMachine::StepExtended(uint8_t opcode, DwarfCursor* in) {
  switch (opcode) {
    case DW_CFA_nop:
      return true;
    case DW_CFA_set_loc:
      return in->Pointer(common_.pointer_encoding, 0, &location_);
    case DW_CFA_advance_loc1:
      Advance(in->Fixed<uint8_t>());
      return true;
    case DW_CFA_advance_loc2:
      Advance(in->Fixed<uint16_t>());
      return true;
    case DW_CFA_advance_loc4:
      Advance(in->Fixed<uint32_t>());
      return true;
    case DW_CFA_remember_state:
      if (depth_ == kDepth) return false;
      remembered_[depth_++] = state_;
      return true;
    case DW_CFA_restore_state:
      if (depth_ == 0) return false;
      state_ = remembered_[--depth_];
      return true;
    case DW_CFA_GNU_args_size:
      in->Unsigned();
      return true;
    default:
      return StepCfa(opcode, in);
  }
}

// The rules of the canonical frame address.
bool RowMachine::StepCfa(uint8_t opcode, DwarfCursor* in) {
  uint64_t reg;
  switch (opcode) {
    case DW_CFA_def_cfa:
      reg = in->Unsigned();
      SetCfa(reg, static_cast<int64_t>(in->Unsigned()));
      return true;
    case DW_CFA_def_cfa_sf:
      reg = in->Unsigned();
      SetCfa(reg, in->Signed() * common_.data_align);
      return true;
    case DW_CFA_def_cfa_register:
      SetCfa(in->Unsigned(), state_.cfa_offset);
      return true;
    case DW_CFA_def_cfa_offset:
      state_.cfa_offset = static_cast<int64_t>(in->Unsigned());
      return true;
    case DW_CFA_def_cfa_offset_sf:
      state_.cfa_offset = in->Signed() * common_.data_align;
      return true;
    case DW_CFA_def_cfa_expression:
      return CfaExpression(in);
    default:
      return StepRegister(opcode, in);
  }
}

// The rules of one register, named by the first operand.
bool RowMachine::StepRegister(uint8_t opcode, DwarfCursor* in) {
  const uint64_t reg = in->Unsigned();
  switch (opcode) {
    case DW_CFA_offset_extended:
      Saved(reg, static_cast<int64_t>(in->Unsigned()) * common_.data_align);
      return true;
    case DW_CFA_offset_extended_sf:
      Saved(reg, in->Signed() * common_.data_align);
      return true;
    case DW_CFA_restore_extended:
      Restore(reg);
      return true;
    case DW_CFA_undefined:
      state_.return_undefined |= reg == kReturnAddress;
      state_.bp_saved &= reg != kRbp;
      return true;
    case DW_CFA_same_value:
      state_.bp_saved &= reg != kRbp;
      return true;
    case DW_CFA_register:
    case DW_CFA_val_offset:
    case DW_CFA_val_offset_sf:
      Inexpressible(reg);
      in->Unsigned();
      return true;
    case DW_CFA_expression:
    case DW_CFA_val_expression: {
      Inexpressible(reg);
      const uint64_t bytes = in->Unsigned();
      in->Skip(bytes);
      return true;
    }
    default:
      return false;
  }
}

UnwindRule RowMachine::Express() const {
  UnwindRule rule;
  if (state_.return_undefined) {
    rule.kind = UnwindRule::Kind::kEnd;
    return rule;
  }
  const bool small = state_.cfa_offset == static_cast<int32_t>(state_.cfa_offset) &&
                     state_.bp_offset == static_cast<int32_t>(state_.bp_offset);
  if (state_.inexpressible || !small) return rule;
  rule.kind = state_.kind;
  rule.bp_saved = state_.bp_saved;
  rule.cfa_offset = static_cast<int32_t>(state_.cfa_offset);
  rule.bp_offset = static_cast<int32_t>(state_.bp_offset);
  if (!rule.Fits()) rule.kind = UnwindRule::Kind::kUnsupported;
  return rule;
}

}  // namespace heapcrest
