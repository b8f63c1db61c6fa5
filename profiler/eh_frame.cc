#include "profiler/eh_frame.h"

#include <cstring>

namespace heapcrest {
namespace {

// DWARF register numbers of x86-64.
constexpr uint64_t kRbp = 6;
constexpr uint64_t kRsp = 7;
constexpr uint64_t kReturnAddress = 16;

// Pointer encodings (LSB 4.1, 10.5.1).
constexpr uint8_t kOmitted = 0xff;
constexpr uint8_t kDataRelative = 0x30;
constexpr uint8_t kPcRelative = 0x10;
constexpr uint8_t kSigned4 = 0x0b;

// Reads forward through memory that the dynamic loader vouches for.
class Cursor {
 public:
  explicit Cursor(const uint8_t* at) : at_(at) {}
  const uint8_t* at() const { return at_; }
  void Skip(uint64_t bytes) { at_ += bytes; }

  template <typename T>
  T Fixed() {
    T value;
    memcpy(&value, at_, sizeof(value));
    at_ += sizeof(value);
    return value;
  }

  uint64_t Unsigned() {
    uint64_t result = 0;
    for (unsigned shift = 0;; shift += 7) {
      const uint8_t byte = *at_++;
      if (shift < 64) result |= static_cast<uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return result;
    }
  }

  int64_t Signed() {
    uint64_t result = 0;
    unsigned shift = 0;
    uint8_t byte;
    do {
      byte = *at_++;
      if (shift < 64) result |= static_cast<uint64_t>(byte & 0x7f) << shift;
      shift += 7;
    } while (byte >= 0x80);
    if (shift < 64 && (byte & 0x40) != 0) result |= ~uint64_t{0} << shift;
    return static_cast<int64_t>(result);
  }

  // False for an encoding that no x86-64 compiler uses here. `data` is the base of 0x30.
  bool Pointer(uint8_t encoding, uintptr_t data, uintptr_t* value) {
    const auto here = reinterpret_cast<uintptr_t>(at_);
    switch (encoding & 0x0f) {
      case 0x00:
      case 0x04:
      case 0x0c:
        *value = Fixed<uint64_t>();
        break;
      case 0x02:
        *value = Fixed<uint16_t>();
        break;
      case 0x03:
        *value = Fixed<uint32_t>();
        break;
      case 0x0a:
        *value = static_cast<uintptr_t>(int64_t{Fixed<int16_t>()});
        break;
      case 0x0b:
        *value = static_cast<uintptr_t>(int64_t{Fixed<int32_t>()});
        break;
      default:
        return false;
    }
    switch (encoding & 0xf0) {
      case 0x00:
        return true;
      case kPcRelative:
        *value += here;
        return true;
      case kDataRelative:
        *value += data;
        return true;
      default:
        return false;
    }
  }

 private:
  const uint8_t* at_;
};

struct CommonEntry {
  uint64_t code_align = 1;
  int64_t data_align = 1;
  uint8_t pointer_encoding = 0;
  bool augmented = false;
  bool signal_frame = false;
  const uint8_t* instructions = nullptr;
  const uint8_t* end = nullptr;
};

struct FrameEntry {
  CommonEntry common;
  uintptr_t start = 0;
  uintptr_t size = 0;
  const uint8_t* instructions = nullptr;
  const uint8_t* end = nullptr;
};

bool ParseCommonEntry(const uint8_t* at, CommonEntry* entry) {
  Cursor in(at);
  const auto length = in.Fixed<uint32_t>();
  if (length == 0 || length == UINT32_MAX) return false;
  entry->end = in.at() + length;
  if (in.Fixed<uint32_t>() != 0) return false;  // not a common entry
  const uint8_t version = in.Fixed<uint8_t>();
  if (version != 1 && version != 3) return false;
  const char* augmentation = reinterpret_cast<const char*>(in.at());
  in.Skip(strlen(augmentation) + 1);
  entry->code_align = in.Unsigned();
  entry->data_align = in.Signed();
  const uint64_t return_register = version == 1 ? in.Fixed<uint8_t>() : in.Unsigned();
  if (return_register != kReturnAddress) return false;
  if (*augmentation == 'z') {
    entry->augmented = true;
    const uint64_t bytes = in.Unsigned();
    const uint8_t* after = in.at() + bytes;
    for (const char* letter = augmentation + 1; *letter != 0; ++letter) {
      if (*letter == 'R')
        entry->pointer_encoding = in.Fixed<uint8_t>();
      else if (*letter == 'L')
        in.Skip(1);
      else if (*letter == 'S')
        entry->signal_frame = true;
      else if (*letter == 'P') {
        uintptr_t ignored;
        if (!in.Pointer(in.Fixed<uint8_t>() & 0x7f, 0, &ignored)) return false;
      } else
        break;  // the length says where to go on
    }
    in = Cursor(after);
  } else if (*augmentation != 0) {
    return false;
  }
  entry->instructions = in.at();
  return true;
}

bool ParseFrameEntry(const uint8_t* at, FrameEntry* entry) {
  Cursor in(at);
  const auto length = in.Fixed<uint32_t>();
  if (length == 0 || length == UINT32_MAX) return false;
  entry->end = in.at() + length;
  const uint8_t* id_at = in.at();
  const auto distance = in.Fixed<uint32_t>();
  if (distance == 0 || !ParseCommonEntry(id_at - distance, &entry->common)) return false;
  const uint8_t encoding = entry->common.pointer_encoding;
  if (!in.Pointer(encoding, 0, &entry->start)) return false;
  if (!in.Pointer(encoding & 0x0f, 0, &entry->size)) return false;
  if (entry->common.augmented) {
    const uint64_t bytes = in.Unsigned();
    in.Skip(bytes);
  }
  entry->instructions = in.at();
  return true;
}

// Finds the frame entry that may hold `address` in the header's sorted table.
const uint8_t* SearchTable(const uint8_t* header, uintptr_t address) {
  const auto base = reinterpret_cast<uintptr_t>(header);
  const uint8_t pointer_encoding = header[1];
  const uint8_t count_encoding = header[2];
  const uint8_t table_encoding = header[3];
  if (header[0] != 1 || count_encoding == kOmitted) return nullptr;
  if (table_encoding != (kDataRelative | kSigned4)) return nullptr;
  Cursor in(header + 4);
  uintptr_t eh_frame, count;
  if (!in.Pointer(pointer_encoding, base, &eh_frame)) return nullptr;
  if (!in.Pointer(count_encoding, base, &count) || count == 0) return nullptr;

  struct Row {
    int32_t start, entry;
  };
  const uint8_t* rows = in.at();
  const auto row_at = [rows](size_t i) {
    Row row;
    memcpy(&row, rows + i * sizeof(Row), sizeof(row));
    return row;
  };
  const auto offset = static_cast<int64_t>(address - base);
  size_t low = 0, high = count;
  while (high - low > 1) {
    const size_t middle = (low + high) / 2;
    if (row_at(middle).start <= offset)
      low = middle;
    else
      high = middle;
  }
  if (row_at(low).start > offset) return nullptr;
  return header + row_at(low).entry;
}

// What the call frame instructions say so far.
struct RowState {
  UnwindRule::Kind kind = UnwindRule::Kind::kUnsupported;
  int64_t cfa_offset = 0;
  bool bp_saved = false;
  int64_t bp_offset = 0;
  bool return_undefined = false;
  bool inexpressible = false;  // a rule for rbp or the return address that we do not model
};

// Runs call frame instructions up to the row of one address.
class RowMachine {
 public:
  RowMachine(const CommonEntry& common, uintptr_t start, uintptr_t address)
      : common_(common), location_(start), address_(address) {}

  // False: something that it does not know.
  bool Run(const uint8_t* begin, const uint8_t* end);
  void KeepInitialState() { initial_ = state_; }
  const RowState& state() const { return state_; }

 private:
  bool Step(Cursor* in);
  bool StepExtended(uint8_t opcode, Cursor* in);
  void Advance(uint64_t delta) { location_ += delta * common_.code_align; }
  void SetCfa(uint64_t reg, int64_t offset);
  void Saved(uint64_t reg, int64_t offset);
  void Restore(uint64_t reg);
  void Inexpressible(uint64_t reg);
  bool CfaExpression(Cursor* in);

  static constexpr int kDepth = 8;
  const CommonEntry& common_;
  uintptr_t location_;
  const uintptr_t address_;
  RowState state_, initial_, remembered_[kDepth];
  int depth_ = 0;
};

bool RowMachine::Run(const uint8_t* begin, const uint8_t* end) {
  Cursor in(begin);
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

bool RowMachine::CfaExpression(Cursor* in) {
  const uint64_t bytes = in->Unsigned();
  Cursor expression = *in;
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

bool RowMachine::Step(Cursor* in) {
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

bool RowMachine::StepExtended(uint8_t opcode, Cursor* in) {
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

UnwindRule Express(const RowState& state) {
  UnwindRule rule;
  if (state.return_undefined) {
    rule.kind = UnwindRule::Kind::kEnd;
    return rule;
  }
  const bool small = state.cfa_offset == static_cast<int32_t>(state.cfa_offset) &&
                     state.bp_offset == static_cast<int32_t>(state.bp_offset);
  if (state.inexpressible || !small) return rule;
  rule.kind = state.kind;
  rule.bp_saved = state.bp_saved;
  rule.cfa_offset = static_cast<int32_t>(state.cfa_offset);
  rule.bp_offset = static_cast<int32_t>(state.bp_offset);
  if (!rule.Fits()) rule.kind = UnwindRule::Kind::kUnsupported;
  return rule;
}

}  // namespace

UnwindRule ReadUnwindRule(const uint8_t* eh_frame_header, uintptr_t address) {
  UnwindRule rule;
  const uint8_t* at = SearchTable(eh_frame_header, address);
  FrameEntry entry;
  if (at == nullptr || !ParseFrameEntry(at, &entry)) return rule;
  if (address < entry.start || address - entry.start >= entry.size) return rule;
  if (entry.common.signal_frame) {
    rule.kind = UnwindRule::Kind::kSignalFrame;
    return rule;
  }
  // No row ends a common entry's instructions: they run to their end.
  RowMachine machine(entry.common, entry.start, address);
  if (!machine.Run(entry.common.instructions, entry.common.end)) return rule;
  machine.KeepInitialState();
  if (!machine.Run(entry.instructions, entry.end)) return rule;
  return Express(machine.state());
}

}  // namespace heapcrest
