// What a program's ELF file says about whether and how it can be profiled.
//
// The file is somebody else's and may be cut short or made up: every offset is checked against the
// file's size, and nothing is read into memory by a size that the file states.
//
// Thread-safe: pure functions of the file.
#pragma once

#include <link.h>

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "profiler/launch/bounded_file.h"

namespace heapcrest {

struct ProgramFile {
  uint8_t elf_class = 0;    // ELFCLASS64, ELFCLASS32
  uint8_t byte_order = 0;   // ELFDATA2LSB, ELFDATA2MSB
  uint16_t type = 0;        // ET_EXEC, ET_DYN, ...
  uint16_t machine = 0;     // EM_X86_64, ...
  std::string interpreter;  // the dynamic loader; empty: statically linked
  bool defines_malloc = false;
};

// NotFound when the file does not begin like an ELF file; InvalidArgument when it is a damaged one.
// Of a file for another class or byte order than ours only the first four fields are filled in.
absl::StatusOr<ProgramFile> ReadProgramFile(const std::string& path);

// The machine's own kind: what this very program was built for.
bool IsNative(const ProgramFile& file);

// The header of an ELF file of that kind; false: there is none.
bool ReadNativeHeader(const BoundedFile& in, ElfW(Ehdr) * header);

}  // namespace heapcrest
