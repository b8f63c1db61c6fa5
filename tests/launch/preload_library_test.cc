#include "profiler/launch/preload_library.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/launch/scratch_folder.h"

namespace heapcrest {
namespace {

using ::testing::HasSubstr;

TEST(PreloadLibraryTest, FoundInABuildTree) {
  const ScratchFolder scratch;
  scratch.Write("bin/heapcrest", "");
  const std::string library = scratch.Write("lib/libheapcrest.so", "");
  const auto found = FindPreloadLibraryNear(scratch.path() + "/bin");
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(*found, std::filesystem::canonical(library).string());
}

TEST(PreloadLibraryTest, MissingLibraryIsNamedWithItsPlace) {
  const ScratchFolder scratch;
  scratch.Write("bin/heapcrest", "");
  const auto found = FindPreloadLibraryNear(scratch.path() + "/bin");
  EXPECT_THAT(found.status().ToString(), HasSubstr("heapcrest/libheapcrest.so"));
  EXPECT_THAT(found.status().ToString(), HasSubstr("Install heapcrest again"));
}

TEST(PreloadLibraryTest, PathThatTheLoaderWouldSplitIsRefused) {
  const ScratchFolder scratch;
  scratch.Write("my tools/bin/heapcrest", "");
  scratch.Write("my tools/lib/libheapcrest.so", "");
  const auto found = FindPreloadLibraryNear(scratch.path() + "/my tools/bin");
  EXPECT_THAT(found.status().ToString(), HasSubstr("space or colon"));
}

}  // namespace
}  // namespace heapcrest
