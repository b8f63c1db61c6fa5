#include "profiler/unwind/eh_frame.h"

#include "profiler/unwind/dwarf_cursor.h"
#include "profiler/unwind/row_machine.h"
#include "profiler/unwind/table_pages.h"

namespace heapcrest {
namespace {

constexpr uint64_t kReturnAddress = 16;  // DWARF register number on x86-64

struct FrameEntry {
  CommonEntry common;
  uintptr_t start = 0;
  uintptr_t size = 0;
  const uint8_t* instructions = nullptr;
  const uint8_t* end = nullptr;
};

bool ParseCommonEntry(const uint8_t* at, CommonEntry* entry) {
  DwarfCursor in(at);
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
    in = DwarfCursor(after);
  } else if (*augmentation != 0) {
    return false;
  }
  entry->instructions = in.at();
  return true;
}

bool ParseFrameEntry(const uint8_t* at, FrameEntry* entry) {
  DwarfCursor in(at);
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
  if (count_encoding == kPointerOmitted) return nullptr;
  if (table_encoding != (kPointerDataRelative | kPointerSigned4)) return nullptr;
  DwarfCursor in(header + 4);
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
  g_table_pages.Touched(reinterpret_cast<uintptr_t>(rows + low * sizeof(Row)));
  if (row_at(low).start > offset) return nullptr;
  return header + row_at(low).entry;
}

}  // namespace

bool IsUnwindTable(const uint8_t* eh_frame_header) {
  return eh_frame_header != nullptr && eh_frame_header[0] == 1;
}

UnwindRule ReadUnwindRule(const uint8_t* eh_frame_header, uintptr_t address) {
  UnwindRule rule;
  const uint8_t* at = SearchTable(eh_frame_header, address);
  FrameEntry entry;
  if (at == nullptr) return rule;
  g_table_pages.Touched(reinterpret_cast<uintptr_t>(at));
  if (!ParseFrameEntry(at, &entry)) return rule;
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
  return machine.Express();
}

}  // namespace heapcrest
