#include "profiler/unwind/row_machine.h"

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
  switch (byte >> 6) {
    case 1:
      Advance(low);
      return true;  // advance_loc
    case 2:
      Saved(low, static_cast<int64_t>(in->Unsigned()) * common_.data_align);
      return true;  // offset
    case 3:
      Restore(low);
      return true;  // restore
    default:
      return StepExtended(low, in);
  }
}

bool RowMachine::StepExtended(uint8_t opcode, DwarfCursor* in) {
  uint64_t reg;
  switch (opcode) {
    case 0x00:
      return true;  // nop
    case 0x01:
      return in->Pointer(common_.pointer_encoding, 0, &location_);  // set_loc
    case 0x02:
      Advance(in->Fixed<uint8_t>());
      return true;
    case 0x03:
      Advance(in->Fixed<uint16_t>());
      return true;
    case 0x04:
      Advance(in->Fixed<uint32_t>());
      return true;
    case 0x05:
      reg = in->Unsigned();
      Saved(reg, static_cast<int64_t>(in->Unsigned()) * common_.data_align);
      return true;
    case 0x06:
      Restore(in->Unsigned());
      return true;
    case 0x07:  // undefined
      reg = in->Unsigned();
      if (reg == kReturnAddress)
        state_.return_undefined = true;
      else if (reg == kRbp)
        state_.bp_saved = false;
      return true;
    case 0x08:  // same_value
      if (in->Unsigned() == kRbp) state_.bp_saved = false;
      return true;
    case 0x09:
      Inexpressible(in->Unsigned());
      in->Unsigned();
      return true;  // register
    case 0x0a:      // remember_state
      if (depth_ == kDepth) return false;
      remembered_[depth_++] = state_;
      return true;
    case 0x0b:  // restore_state
      if (depth_ == 0) return false;
      state_ = remembered_[--depth_];
      return true;
    case 0x0c:
      reg = in->Unsigned();
      SetCfa(reg, static_cast<int64_t>(in->Unsigned()));
      return true;
    case 0x0d:
      SetCfa(in->Unsigned(), state_.cfa_offset);
      return true;
    case 0x0e:
      state_.cfa_offset = static_cast<int64_t>(in->Unsigned());
      return true;
    case 0x0f:
      return CfaExpression(in);
    case 0x10:
    case 0x16: {  // expression, val_expression
      Inexpressible(in->Unsigned());
      const uint64_t bytes = in->Unsigned();
      in->Skip(bytes);
      return true;
    }
    case 0x11:
      reg = in->Unsigned();
      Saved(reg, in->Signed() * common_.data_align);
      return true;
    case 0x12:
      reg = in->Unsigned();
      SetCfa(reg, in->Signed() * common_.data_align);
      return true;
    case 0x13:
      state_.cfa_offset = in->Signed() * common_.data_align;
      return true;
    case 0x14:
    case 0x15:
      Inexpressible(in->Unsigned());
      in->Unsigned();
      return true;  // val_offset
    case 0x2e:
      in->Unsigned();
      return true;  // GNU_args_size
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
