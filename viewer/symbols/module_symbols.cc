#include "viewer/symbols/module_symbols.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "viewer/symbols/demangle.h"

namespace heapcrest {

absl::StatusOr<ModuleSymbols> ModuleSymbols::Open(const std::string& path,
                                                  std::string_view build_id,
                                                  const std::string& debug_root) {
  absl::StatusOr<ElfFile> file = ElfFile::Open(path);
  if (!file.ok()) return file.status();
  if (file->BuildId() != build_id) {
    return absl::FailedPreconditionError(absl::StrCat(path, " was replaced since the run"));
  }
  std::optional<ElfFile> debug_file;
  if (!file->HasSection(".debug_info") && !file->HasSection(".zdebug_info")) {
    debug_file = FindDebugFile(*file, debug_root);
  }
  return ModuleSymbols(std::move(*file), std::move(debug_file));
}

ModuleSymbols::ModuleSymbols(ElfFile file, std::optional<ElfFile> debug_file)
    : file_(std::move(file)), debug_file_(std::move(debug_file)) {
  debug_info_ = DebugInfo::Open(debug_file_ ? debug_file_->elf() : file_.elf());
}

std::string ModuleSymbols::SymbolAt(uint64_t address) {
  if (tables_.empty()) {
    using Table = SymbolIndex::Table;
    if (debug_file_) tables_.push_back(SymbolIndex::Read(debug_file_->elf(), Table::kStatic));
    tables_.push_back(SymbolIndex::Read(file_.elf(), Table::kStatic));
    tables_.push_back(SymbolIndex::Read(file_.elf(), Table::kDynamic));
  }
  for (const SymbolIndex& table : tables_) {
    const std::string_view symbol = table.Find(address);
    if (!symbol.empty()) return Demangle(symbol);
  }
  return "";
}

SourceFrames ModuleSymbols::Find(uint64_t address) {
  SourceFrames frames = debug_info_ ? debug_info_->Find(address) : SourceFrames();
  if (!frames.empty() && !frames.back().function.empty() && frames.back().is_complete) {
    return frames;
  }
  std::string symbol = SymbolAt(address);
  if (frames.empty() && !symbol.empty()) frames.emplace_back();
  if (!symbol.empty()) frames.back().function = std::move(symbol);
  return frames;
}

}  // namespace heapcrest
