#include "profiler/launch/search_path.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/launch/scratch_folder.h"

namespace heapcrest {
namespace {

using ::testing::HasSubstr;

TEST(SearchPathTest, FirstExecutableOfTheNameWins) {
  const ScratchFolder scratch;
  scratch.Write("a/tool", "", 0644);  // found, but not executable: passed over
  const std::string wanted = scratch.Write("b/tool", "", 0755);
  scratch.Write("c/tool", "", 0755);
  const std::string folders =
      scratch.path() + "/a:" + scratch.path() + "/b:" + scratch.path() + "/c";
  const auto found = FindProgram("tool", folders.c_str());
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(*found, wanted);
}

TEST(SearchPathTest, FoldersAreNotPrograms) {
  const ScratchFolder scratch;
  scratch.Write("a/tool/file", "");
  EXPECT_FALSE(FindProgram("tool", (scratch.path() + "/a").c_str()).ok());
  const auto found = FindProgram(scratch.path() + "/a/tool", nullptr);
  EXPECT_THAT(found.status().ToString(), HasSubstr("is a folder"));
}

TEST(SearchPathTest, WithoutPathTheSystemsFoldersCount) {
  const auto found = FindProgram("sh", nullptr);
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(*found, "/bin/sh");
}

TEST(SearchPathTest, NameWithSlashIsAPath) {
  EXPECT_TRUE(FindProgram("/bin/sh", "").ok());
  const auto missing = FindProgram("./no-such-program", "/bin");
  EXPECT_THAT(missing.status().ToString(), HasSubstr("No such file"));
}

TEST(SearchPathTest, NotExecutableSaysHowToAllowIt) {
  const ScratchFolder scratch;
  const std::string path = scratch.Write("tool", "", 0644);
  EXPECT_THAT(FindProgram(path, nullptr).status().ToString(), HasSubstr("chmod +x"));
  EXPECT_THAT(FindProgram("tool", scratch.path().c_str()).status().ToString(),
              HasSubstr("chmod +x"));
}

TEST(SearchPathTest, UnknownNameSaysWhatToDo) {
  EXPECT_THAT(FindProgram("no-such-program", "/bin").status().ToString(), HasSubstr("not in PATH"));
  EXPECT_THAT(FindProgram("", "/bin").status().ToString(), HasSubstr("empty"));
}

}  // namespace
}  // namespace heapcrest
