#include "profiler/launch/target.h"

#include <elf.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/launch/scratch_folder.h"

namespace heapcrest {
namespace {

using ::testing::HasSubstr;

std::string Refusal(const std::string& name, const char* search_path = "/usr/bin:/bin") {
  const auto target = FindTarget(name, search_path);
  return target.ok() ? "accepted" : std::string(target.status().message());
}

class TargetTest : public ::testing::Test {
 protected:
  std::string Edited(size_t offset, char value) {
    std::string file = ReadFile(PROBE);
    file[offset] = value;
    return scratch_.Write("edited", file, 0755);
  }
  ScratchFolder scratch_;
};

TEST_F(TargetTest, DynamicProgramIsAccepted) {
  const auto target = FindTarget(PROBE, nullptr);
  ASSERT_TRUE(target.ok()) << target.status();
  EXPECT_EQ(target->path, PROBE);
  EXPECT_EQ(target->executable, PROBE);
  EXPECT_FALSE(target->defines_malloc);
}

TEST_F(TargetTest, ScriptsAreFollowedToTheirInterpreter) {
  const std::string inner = scratch_.Write("inner", std::string("#!") + PROBE + " exit\n", 0755);
  const std::string outer = scratch_.Write("outer", "#!" + inner + "\n", 0755);
  const auto target = FindTarget(outer, nullptr);
  ASSERT_TRUE(target.ok()) << target.status();
  EXPECT_EQ(target->path, outer);
  EXPECT_EQ(target->executable, PROBE);
}

TEST_F(TargetTest, EnvIsFollowedThroughPath) {
  const std::string tool = scratch_.Write("bin/tool", ReadFile(PROBE), 0755);
  const std::string script = scratch_.Write("script", "#!/usr/bin/env -S A=1 tool -x\n", 0755);
  const auto target = FindTarget(script, (scratch_.path() + "/bin").c_str());
  ASSERT_TRUE(target.ok()) << target.status();
  EXPECT_EQ(target->executable, tool);
  EXPECT_THAT(Refusal(script, "/nowhere"), HasSubstr("'tool' is not in PATH"));
}

TEST_F(TargetTest, MissingInterpreterNamesTheScript) {
  const std::string script = scratch_.Write("script", "#!/no/such/interpreter\n", 0755);
  EXPECT_THAT(Refusal(script), HasSubstr("/no/such/interpreter"));
  EXPECT_THAT(Refusal(script), HasSubstr("of the script '" + script));
}

TEST_F(TargetTest, ScriptThatRunsItselfEnds) {
  const std::string script = scratch_.path() + "/loop";
  scratch_.Write("loop", "#!" + script + "\n", 0755);
  EXPECT_THAT(Refusal(script), HasSubstr("more than 5 deep"));
}

TEST_F(TargetTest, TextWithoutInterpreterIsRefused) {
  EXPECT_THAT(Refusal(scratch_.Write("text", "echo hello\n", 0755)), HasSubstr("#!/bin/sh"));
  EXPECT_THAT(Refusal(scratch_.Write("empty", "", 0755)), HasSubstr("neither an ELF program"));
}

TEST_F(TargetTest, OtherArchitecturesAreRefused) {
  EXPECT_THAT(Refusal(Edited(offsetof(Elf64_Ehdr, e_machine), EM_ARM)),
              HasSubstr("another architecture"));
  EXPECT_THAT(Refusal(Edited(EI_CLASS, ELFCLASS32)), HasSubstr("32-bit"));
  EXPECT_THAT(Refusal(Edited(EI_DATA, ELFDATA2MSB)), HasSubstr("another architecture"));
}

TEST_F(TargetTest, ObjectFilesAreNoPrograms) {
  EXPECT_THAT(Refusal(Edited(offsetof(Elf64_Ehdr, e_type), ET_REL)), HasSubstr("not a program"));
}

TEST_F(TargetTest, ProgramWithoutLoaderIsStaticallyLinked) {
  std::string file = ReadFile(PROBE);
  Elf64_Ehdr header;
  memcpy(&header, file.data(), sizeof(header));
  for (unsigned i = 0; i < header.e_phnum; ++i) {
    Elf64_Phdr segment;
    char* place = file.data() + header.e_phoff + i * sizeof(segment);
    memcpy(&segment, place, sizeof(segment));
    if (segment.p_type == PT_INTERP) segment.p_type = PT_NULL;
    memcpy(place, &segment, sizeof(segment));
  }
  EXPECT_THAT(Refusal(scratch_.Write("static", file, 0755)), HasSubstr("statically linked"));
}

TEST_F(TargetTest, MuslIsToldByItsLoader) {
  std::string file = ReadFile(PROBE);
  const std::string loader = "/lib64/ld-linux-x86-64.so.2";
  std::string musl = "/lib/ld-musl-x86_64.so.1";
  musl.resize(loader.size(), '\0');
  const size_t place = file.find(loader);
  ASSERT_NE(place, file.npos);
  file.replace(place, loader.size(), musl);
  EXPECT_THAT(Refusal(scratch_.Write("musl", file, 0755)), HasSubstr("glibc"));
}

TEST_F(TargetTest, MissingLoaderIsNamed) {
  std::string file = ReadFile(PROBE);
  file.replace(file.find("/lib64/ld-linux"), 7, "/lib65/");
  EXPECT_THAT(Refusal(scratch_.Write("foreign", file, 0755)), HasSubstr("which is not here"));
}

TEST_F(TargetTest, ProgramsThatGainRightsAreRefused) {
  const std::string path = scratch_.Write("rights", ReadFile(PROBE), 0755);
  EXPECT_EQ(Refusal(path), "accepted");
  chmod(path.c_str(), 04755);
  EXPECT_THAT(Refusal(path), HasSubstr("is setuid"));
  chmod(path.c_str(), 02755);
  EXPECT_THAT(Refusal(path), HasSubstr("is setgid"));
}

TEST_F(TargetTest, WhoStartsOthersIsToStartUs) {
  const std::string path = scratch_.Write("sudo", ReadFile(PROBE), 04755);
  EXPECT_THAT(Refusal(path), HasSubstr("sudo heapcrest run"));
}

TEST_F(TargetTest, LoaderRunsAProgram) {
  EXPECT_EQ(Refusal("/lib64/ld-linux-x86-64.so.2"), "accepted");
}

TEST_F(TargetTest, EveryLengthOfACutProgramIsAnswered) {
  const std::string whole = ReadFile(PROBE);
  for (size_t length = 0; length < 1200; length += 7) {
    const std::string cut = scratch_.Write("cut", whole.substr(0, length), 0755);
    EXPECT_FALSE(Refusal(cut).empty());
  }
}

}  // namespace
}  // namespace heapcrest
