// Names for the addresses of one executable or library: from its debug information, wherever that
// is, else from its symbol tables.
//
// Opened by path and checked by build id: a file that was replaced since the run would name the
// wrong functions with all confidence.
//
// Not thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "viewer/symbols/debug_file.h"
#include "viewer/symbols/debug_info.h"
#include "viewer/symbols/elf_file.h"
#include "viewer/symbols/source_frame.h"
#include "viewer/symbols/symbol_index.h"

namespace heapcrest {

class ModuleSymbols {
 public:
  // `build_id` is raw, empty for a file that was built without one. An error if the file is gone,
  // is another one by now or is no ELF file.
  static absl::StatusOr<ModuleSymbols> Open(const std::string& path, std::string_view build_id,
                                            const std::string& debug_root = kDebugRoot);

  // The frames of an address as in the file, innermost first; empty: nothing is known.
  SourceFrames Find(uint64_t address);

 private:
  ModuleSymbols(ElfFile file, std::optional<ElfFile> debug_file);

  std::string SymbolAt(uint64_t address);  // demangled

  ElfFile file_;
  std::optional<ElfFile> debug_file_;
  std::unique_ptr<DebugInfo> debug_info_;
  std::vector<SymbolIndex> tables_;  // the best first
};

}  // namespace heapcrest
