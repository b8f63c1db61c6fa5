#include "viewer/symbols/elf_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "tests/symbols/fixture/library.h"

namespace heapcrest {
namespace {

TEST(ElfFileTest, BuildIdIsThatOfTheLinker) {
  const absl::StatusOr<std::string> id = BuildIdOf(PLACES_LIBRARY);
  ASSERT_TRUE(id.ok()) << id.status();
  EXPECT_EQ(id->size(), 20u);  // SHA-1
}

TEST(ElfFileTest, FileBuiltWithoutBuildIdHasNone) {
  EXPECT_EQ(BuildIdOf(PLACES_LIBRARY_WITHOUT_ID).value(), "");
}

TEST(ElfFileTest, StrippingKeepsTheBuildId) {
  const FixtureLibrary library;
  library.Objcopy("--strip-all");
  EXPECT_EQ(BuildIdOf(library.path()).value(), BuildIdOf(PLACES_LIBRARY).value());
}

TEST(ElfFileTest, WhatIsNoElfFileIsRefusedWithItsPath) {
  const FixtureLibrary library;
  const std::string text = (library.folder() / "text").string();
  std::ofstream(text) << "not a program";
  const std::string pipe = (library.folder() / "pipe").string();
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  for (const std::string& path : {text, pipe, library.folder().string(), std::string("/nowhere")}) {
    const absl::StatusOr<ElfFile> file = ElfFile::Open(path);
    ASSERT_FALSE(file.ok()) << path;
    EXPECT_NE(file.status().message().find(path), absl::string_view::npos) << file.status();
  }
}

TEST(ElfFileTest, SectionWithoutContentIsNotThere) {
  const FixtureLibrary library;
  EXPECT_TRUE(ElfFile::Open(library.path())->HasSection(".debug_info"));
  library.Objcopy("--only-keep-debug");
  const absl::StatusOr<ElfFile> debug = ElfFile::Open(library.path());
  ASSERT_TRUE(debug.ok()) << debug.status();
  EXPECT_TRUE(debug->HasSection(".debug_info"));
  EXPECT_FALSE(debug->HasSection(".text"));
}

}  // namespace
}  // namespace heapcrest
