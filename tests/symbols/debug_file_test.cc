#include "viewer/symbols/debug_file.h"

#include <gtest/gtest.h>

#include <fstream>

#include "absl/strings/escaping.h"
#include "tests/symbols/fixture/library.h"

namespace heapcrest {
namespace {

namespace fs = std::filesystem;

// A stripped library whose debug information is in places.debug beside it, linked to it.
class DebugFileTest : public testing::Test {
 protected:
  void Split(const FixtureLibrary& library) {
    const std::string debug = DebugPath(library);
    OutputOf(std::string(OBJCOPY) + " --only-keep-debug " + library.path() + " " + debug);
    library.Objcopy("--strip-all --add-gnu-debuglink=" + debug);
  }

  static std::string DebugPath(const FixtureLibrary& library) {
    return (library.folder() / "places.debug").string();
  }

  static std::string Found(const FixtureLibrary& library, const std::string& root = "/nowhere") {
    const absl::StatusOr<ElfFile> module = ElfFile::Open(library.path());
    if (!module.ok()) return "no module";
    const std::optional<ElfFile> file = FindDebugFile(*module, root);
    return file ? file->path() : "";
  }

  static void Move(const fs::path& from, const fs::path& to) {
    fs::create_directories(to.parent_path());
    fs::rename(from, to);
  }
};

TEST_F(DebugFileTest, IsFoundByBuildId) {
  const FixtureLibrary library;
  Split(library);
  const fs::path root = library.folder() / "root";
  const std::string hex(absl::BytesToHexString(BuildIdOf(library.path()).value()));
  const fs::path there = root / ".build-id" / hex.substr(0, 2) / (hex.substr(2) + ".debug");
  Move(DebugPath(library), there);
  EXPECT_EQ(Found(library, root.string()), there.string());
}

TEST_F(DebugFileTest, IsFoundBesideTheModule) {
  const FixtureLibrary library;
  Split(library);
  EXPECT_EQ(Found(library), DebugPath(library));
}

TEST_F(DebugFileTest, IsFoundInTheHiddenFolder) {
  const FixtureLibrary library;
  Split(library);
  const fs::path there = library.folder() / ".debug" / "places.debug";
  Move(DebugPath(library), there);
  EXPECT_EQ(Found(library), there.string());
}

TEST_F(DebugFileTest, IsFoundBelowTheRoot) {
  const FixtureLibrary library;
  Split(library);
  const std::string root = (library.folder() / "root").string();
  const std::string there = root + library.folder().string() + "/places.debug";
  Move(DebugPath(library), there);
  EXPECT_EQ(Found(library, root), there);
}

TEST_F(DebugFileTest, WithoutBuildIdTheChecksumDecides) {
  const FixtureLibrary library(PLACES_LIBRARY_WITHOUT_ID);
  Split(library);
  EXPECT_EQ(Found(library), DebugPath(library));
  std::ofstream(DebugPath(library), std::ios::app) << "changed";
  EXPECT_EQ(Found(library), "");
}

TEST_F(DebugFileTest, FileOfAnotherBuildIsNotUsed) {
  const FixtureLibrary library;
  Split(library);
  fs::copy_file(PLACES_LIBRARY_WITHOUT_ID, DebugPath(library),
                fs::copy_options::overwrite_existing);
  EXPECT_EQ(Found(library), "");
}

TEST_F(DebugFileTest, FileWithoutSymbolsIsNotUsed) {
  const FixtureLibrary library;
  Split(library);
  fs::copy_file(library.path(), DebugPath(library), fs::copy_options::overwrite_existing);
  EXPECT_EQ(Found(library), "");
}

TEST_F(DebugFileTest, LinkThatLeavesTheFolderIsNotFollowed) {
  const FixtureLibrary library;
  Split(library);
  Move(DebugPath(library), library.folder() / "sub" / "places.debug");
  const std::string link = (library.folder() / "link").string();
  std::ofstream(link) << "sub/places.debug" << std::string(8, '\0');
  library.Objcopy("--update-section .gnu_debuglink=" + link);
  EXPECT_EQ(Found(library), "");
}

}  // namespace
}  // namespace heapcrest
