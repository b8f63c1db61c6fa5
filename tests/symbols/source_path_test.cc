#include "viewer/symbols/source_path.h"

#include <gtest/gtest.h>

namespace heapcrest {
namespace {

TEST(SourcePathTest, DotsAndDoubleSlashesAreTakenOut) {
  EXPECT_EQ(NormalizePath("/src/./lib//../main.cc"), "/src/main.cc");
  EXPECT_EQ(NormalizePath("src/a/../../../main.cc"), "../main.cc");
  EXPECT_EQ(NormalizePath("/../../main.cc"), "/main.cc");
  EXPECT_EQ(NormalizePath("main.cc"), "main.cc");
  EXPECT_EQ(NormalizePath(""), "");
}

TEST(SourcePathTest, RelativePathsAreInTheCompilersFolder) {
  EXPECT_EQ(SourcePath("/home/me/src", "../lib/list.h"), "/home/me/lib/list.h");
  EXPECT_EQ(SourcePath("/home/me/src", "/usr/include/list.h"), "/usr/include/list.h");
  EXPECT_EQ(SourcePath("", "lib/list.h"), "lib/list.h");
}

TEST(SourcePathTest, FolderThatIsThereAlreadyIsNotAddedTwice) {
  EXPECT_EQ(SourcePath("./nss", "./nss/getent.c"), "nss/getent.c");
  EXPECT_EQ(SourcePath("./gshadow", "../nss/getent.c"), "nss/getent.c");
}

TEST(SourcePathTest, EndlessPathIsCut) {
  const std::string path(10'000'000, 'x');
  EXPECT_LT(NormalizePath(path).size(), 100'000u);
  EXPECT_LT(SourcePath(path, path).size(), 100'000u);
}

}  // namespace
}  // namespace heapcrest
