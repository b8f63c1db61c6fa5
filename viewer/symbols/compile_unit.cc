#include "viewer/symbols/compile_unit.h"

#include <dwarf.h>

#include <utility>

#include "viewer/symbols/die_tree.h"
#include "viewer/symbols/source_path.h"

namespace heapcrest {
namespace {

constexpr size_t kMaxInlined = 256;

bool MayHoldFunctions(int tag, bool with_bodies) {
  switch (tag) {
    case DW_TAG_namespace:
    case DW_TAG_module:
      return true;
    case DW_TAG_subprogram:
    case DW_TAG_lexical_block:
    case DW_TAG_class_type:
    case DW_TAG_structure_type:
    case DW_TAG_union_type:
      return with_bodies;
    default:
      return false;
  }
}

// The function and the subroutines inlined into it at `address`, outermost first.
std::vector<Dwarf_Die> CallsAt(const Dwarf_Die& function, uint64_t address) {
  std::vector<Dwarf_Die> calls = {function};
  Dwarf_Die scope = function;
  const auto descend = [&](Dwarf_Die* child) {
    const int tag = dwarf_tag(child);
    if (tag != DW_TAG_inlined_subroutine && tag != DW_TAG_lexical_block) return false;
    if (!ContainsAddress(child, address)) return false;
    if (tag == DW_TAG_inlined_subroutine) calls.push_back(*child);
    scope = *child;
    return true;
  };
  for (Dwarf_Die outer = scope; calls.size() < kMaxInlined && AnyChild(&outer, descend);) {
    outer = scope;
  }
  return calls;
}

std::optional<uint64_t> Number(Dwarf_Die* die, unsigned name) {
  Dwarf_Attribute attribute;
  Dwarf_Word value = 0;
  if (dwarf_attr(die, name, &attribute) == nullptr || dwarf_formudata(&attribute, &value) != 0) {
    return std::nullopt;
  }
  return value;
}

}  // namespace

void CompileUnit::Load() {
  is_loaded_ = true;
  Dwarf_Die split;
  uint8_t type = 0;
  if (dwarf_cu_info(line_die_.cu, nullptr, &type, nullptr, &split, nullptr, nullptr, nullptr) ==
          0 &&
      type == DW_UT_skeleton && split.cu != nullptr) {
    function_die_ = split;
  }
  Dwarf_Attribute folder;
  const char* text = dwarf_formstring(dwarf_attr(&line_die_, DW_AT_comp_dir, &folder));
  if (text != nullptr) folder_ = text;
  if (dwarf_getsrclines(&line_die_, &lines_, &line_count_) != 0) line_count_ = 0;
  if (dwarf_getsrcfiles(&function_die_, &files_, &file_count_) != 0) file_count_ = 0;
  IndexFunctions(false);
}

void CompileUnit::IndexFunctions(bool with_bodies) {
  functions_ = RangeIndex();
  function_dies_.clear();
  WalkDies(&function_die_, [&](Dwarf_Die* die) {
    const int tag = dwarf_tag(die);
    if (tag == DW_TAG_subprogram) {
      const uint64_t index = function_dies_.size();
      const size_t before = functions_.size();
      AnyRange(die, [&](uint64_t low, uint64_t high) {
        functions_.Add(low, high, index);
        return false;
      });
      if (functions_.size() != before) function_dies_.push_back(*die);
    }
    return MayHoldFunctions(tag, with_bodies);
  });
  functions_.Sort();
}

std::optional<Dwarf_Die> CompileUnit::FunctionAt(uint64_t address) {
  std::optional<uint64_t> index = functions_.Find(address);
  if (!index && !std::exchange(has_bodies_, true)) {
    IndexFunctions(true);
    index = functions_.Find(address);
  }
  if (!index) return std::nullopt;
  return function_dies_[*index];
}

CompileUnit::Place CompileUnit::LineAt(uint64_t address) const {
  // The last row that begins at or before the address.
  size_t low = 0, high = line_count_;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    Dwarf_Addr at = 0;
    if (dwarf_lineaddr(dwarf_onesrcline(lines_, middle), &at) != 0) return {};
    if (at <= address) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == 0) return {};
  Dwarf_Line* row = dwarf_onesrcline(lines_, low - 1);
  bool is_end = false;
  int line = 0;
  if (dwarf_lineendsequence(row, &is_end) != 0 || is_end) return {};
  const char* file = dwarf_linesrc(row, nullptr, nullptr);
  if (file == nullptr || dwarf_lineno(row, &line) != 0) return {};
  return {SourcePath(folder_, file), line < 0 ? 0 : static_cast<uint32_t>(line)};
}

CompileUnit::Place CompileUnit::CallSite(Dwarf_Die* inlined) const {
  const std::optional<uint64_t> file_index = Number(inlined, DW_AT_call_file);
  if (!file_index || *file_index >= file_count_) return {};
  const char* file = dwarf_filesrc(files_, *file_index, nullptr, nullptr);
  const uint64_t line = Number(inlined, DW_AT_call_line).value_or(0);
  if (file == nullptr) return {};
  return {SourcePath(folder_, file), line > UINT32_MAX ? 0 : static_cast<uint32_t>(line)};
}

SourceFrames CompileUnit::Find(uint64_t address, FunctionNames* names) {
  if (!is_loaded_) Load();
  SourceFrames frames;
  Place place = LineAt(address);
  const std::optional<Dwarf_Die> function = FunctionAt(address);
  if (!function) {
    if (!place.file.empty()) frames.push_back({"", std::move(place.file), place.line, false});
    return frames;
  }
  std::vector<Dwarf_Die> calls = CallsAt(*function, address);
  for (auto call = calls.rbegin(); call != calls.rend(); ++call) {
    const FunctionName& name = names->Of(*call);
    frames.push_back({name.text, std::move(place.file), place.line, name.is_complete});
    place = CallSite(&*call);
  }
  return frames;
}

}  // namespace heapcrest
