#include "profiler/launch/program_file.h"

#include <elf.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <random>

#include "tests/launch/scratch_folder.h"

namespace heapcrest {
namespace {

using ::testing::HasSubstr;

// A program of one header, one PT_INTERP, one symbol table with one function of the given name.
std::string MakeElf(std::string_view function, uint16_t section) {
  std::string file(0x400, '\0');
  Elf64_Ehdr header = {};
  memcpy(header.e_ident, ELFMAG, SELFMAG);
  header.e_ident[EI_CLASS] = ELFCLASS64;
  header.e_ident[EI_DATA] = ELFDATA2LSB;
  header.e_type = ET_DYN;
  header.e_machine = EM_X86_64;
  header.e_phoff = 0x40;
  header.e_phentsize = sizeof(Elf64_Phdr);
  header.e_phnum = 1;
  header.e_shoff = 0x100;
  header.e_shentsize = sizeof(Elf64_Shdr);
  header.e_shnum = 2;
  const Elf64_Phdr interp = {.p_type = PT_INTERP,
                             .p_flags = 0,
                             .p_offset = 0x80,
                             .p_vaddr = 0,
                             .p_paddr = 0,
                             .p_filesz = 8,
                             .p_memsz = 8,
                             .p_align = 1};
  Elf64_Shdr symbols = {}, strings = {};
  symbols.sh_type = SHT_DYNSYM;
  symbols.sh_link = 1;
  symbols.sh_offset = 0x200;
  symbols.sh_size = sizeof(Elf64_Sym);
  strings.sh_offset = 0x300;
  strings.sh_size = 1 + function.size() + 1;
  const Elf64_Sym symbol = {.st_name = 1,
                            .st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC),
                            .st_other = 0,
                            .st_shndx = section,
                            .st_value = 0x1000,
                            .st_size = 8};
  memcpy(file.data(), &header, sizeof(header));
  memcpy(file.data() + 0x40, &interp, sizeof(interp));
  memcpy(file.data() + 0x80, "/lib/ld", 7);
  memcpy(file.data() + 0x100, &symbols, sizeof(symbols));
  memcpy(file.data() + 0x100 + sizeof(symbols), &strings, sizeof(strings));
  memcpy(file.data() + 0x200, &symbol, sizeof(symbol));
  memcpy(file.data() + 0x301, function.data(), function.size());
  return file;
}

TEST(ProgramFileTest, ReadsInterpreterOfARealProgram) {
  const auto file = ReadProgramFile(PROBE);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_TRUE(IsNative(*file));
  EXPECT_THAT(file->interpreter, HasSubstr("ld-linux"));
  EXPECT_FALSE(file->defines_malloc);
}

TEST(ProgramFileTest, MallocCountsWhereItIsDefined) {
  const ScratchFolder scratch;
  const auto defines = [&](std::string_view name, uint16_t section) {
    const auto file = ReadProgramFile(scratch.Write("program", MakeElf(name, section)));
    EXPECT_TRUE(file.ok()) << file.status();
    return file.ok() && file->defines_malloc;
  };
  EXPECT_TRUE(defines("malloc", 1));
  EXPECT_FALSE(defines("malloc", SHN_UNDEF));  // imported from libc
  EXPECT_FALSE(defines("xmalloc", 1));         // the name only ends like it
  EXPECT_FALSE(defines("mallocx", 1));
}

TEST(ProgramFileTest, OtherClassIsReadAsFarAsItsKind) {
  const ScratchFolder scratch;
  std::string file = MakeElf("malloc", 1);
  file[EI_CLASS] = ELFCLASS32;
  const auto narrow = ReadProgramFile(scratch.Write("narrow", file));
  ASSERT_TRUE(narrow.ok()) << narrow.status();
  EXPECT_FALSE(IsNative(*narrow));
}

TEST(ProgramFileTest, OtherFilesAreNotFound) {
  const ScratchFolder scratch;
  EXPECT_TRUE(absl::IsNotFound(ReadProgramFile(scratch.Write("empty", "")).status()));
  EXPECT_TRUE(absl::IsNotFound(ReadProgramFile(scratch.Write("text", "#!/bin/sh\n")).status()));
}

TEST(ProgramFileTest, CutFileIsRefusedWithTheOffset) {
  const ScratchFolder scratch;
  const std::string whole = MakeElf("malloc", 1);
  for (const size_t length : {4, 17, 40, 63, 64, 100, 0x80, 0x84}) {
    const auto file = ReadProgramFile(scratch.Write("cut", whole.substr(0, length)));
    EXPECT_TRUE(absl::IsInvalidArgument(file.status())) << length;
    EXPECT_THAT(file.status().ToString(), HasSubstr("offset"));
  }
  // Behind the loader's name only symbols are missing, and they feed no more than a warning.
  EXPECT_TRUE(ReadProgramFile(scratch.Write("cut", whole.substr(0, 0x120))).ok());
}

TEST(ProgramFileTest, RandomDamageNeverCrashes) {
  const ScratchFolder scratch;
  const std::string whole = ReadFile(PROBE);
  std::mt19937 random(1);
  int refused = 0;
  for (int round = 0; round < 500; ++round) {
    std::string file = whole;
    for (int i = 0; i < 12; ++i) file[random() % 0x400] = static_cast<char>(random());
    file.replace(0, SELFMAG, ELFMAG);
    refused += !ReadProgramFile(scratch.Write("damaged", file)).ok();
  }
  EXPECT_GT(refused, 0);
}

}  // namespace
}  // namespace heapcrest
