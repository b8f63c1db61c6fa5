// Files that lie: cut, damaged, crafted. Whatever they say, every address gets a name, and soon.

#include <gtest/gtest.h>

#include <fstream>
#include <random>

#include "tests/symbols/fixture/library.h"
#include "viewer/symbolizer.h"
#include "viewer/symbols/elf_file.h"

namespace heapcrest {
namespace {

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Symbolizes the places of `library` with `content` in its stead, as the build that it claims to
// be.
void ExpectNamesFor(const FixtureLibrary& library, const std::string& content) {
  std::ofstream(library.path(), std::ios::binary | std::ios::trunc) << content;
  Recording recording = library.Record();
  const absl::StatusOr<std::string> build_id = BuildIdOf(library.path());
  recording.processes[0].mappings[0].build_id = build_id.ok() ? *build_id : "";
  Symbolize(&recording);
  for (const Location& location : recording.processes[0].locations) {
    ASSERT_GT(location.frame_count, 0u);
    for (uint32_t i = 0; i < location.frame_count; ++i) {
      EXPECT_NE(recording.frames[location.first_frame + i].function, 0u);
    }
  }
}

TEST(HostileElfTest, LibraryCutAnywhereIsSurvived) {
  FixtureLibrary library;
  library.Load();
  const std::string content = ReadFile(library.path());
  constexpr size_t kCuts = 200;
  for (size_t i = 0; i < kCuts; ++i) {
    ExpectNamesFor(library, content.substr(0, content.size() * i / kCuts));
  }
}

TEST(HostileElfTest, DamagedBytesAreSurvived) {
  FixtureLibrary library;
  library.Load();
  const std::string content = ReadFile(library.path());
  std::mt19937 random(7);
  for (int i = 0; i < 1000; ++i) {
    std::string damaged = content;
    for (int bytes = 1 + i % 50; bytes > 0; --bytes) {
      damaged[random() % damaged.size()] = static_cast<char>(random());
    }
    ExpectNamesFor(library, damaged);
  }
}

TEST(HostileElfTest, DamagedHeadersAreSurvived) {
  FixtureLibrary library;
  library.Load();
  const std::string content = ReadFile(library.path());
  constexpr size_t kSectionHeaders = 64 * 40;
  std::mt19937 random(8);
  for (int i = 0; i < 1000; ++i) {
    std::string damaged = content;
    const bool at_front = i % 2 == 0;
    const size_t at =
        at_front ? 16 + random() % 1000 : damaged.size() - 1 - random() % kSectionHeaders;
    damaged[at] = static_cast<char>(i % 4 < 2 ? random() : 0xff);
    ExpectNamesFor(library, damaged);
  }
}

TEST(HostileElfTest, DamagedSymbolTableOfStrippedLibraryIsSurvived) {
  FixtureLibrary library;
  library.Load();
  library.Objcopy("--strip-debug");
  const std::string content = ReadFile(library.path());
  std::mt19937 random(9);
  for (int i = 0; i < 500; ++i) {
    std::string damaged = content;
    for (int bytes = 0; bytes < 20; ++bytes) {
      damaged[random() % damaged.size()] = static_cast<char>(random());
    }
    ExpectNamesFor(library, damaged);
  }
}

}  // namespace
}  // namespace heapcrest
