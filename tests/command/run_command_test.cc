#include "viewer/command/run_command.h"

#include <gtest/gtest.h>

#include "CLI/CLI.hpp"

namespace heapcrest {
namespace {

size_t Count(const std::vector<std::string>& arguments) {
  CLI::App app;
  RunOptions options;
  return CountOwnArguments(*AddRunCommand(&app, &options), arguments);
}

TEST(RunCommandTest, FirstArgumentThatIsNoOptionIsTheProgram) {
  EXPECT_EQ(Count({"ls", "-o", "x"}), 0u);
}

TEST(RunCommandTest, ValuesOfOptionsAreNotTheProgram) {
  EXPECT_EQ(Count({"-o", "base", "--interval", "1", "ls", "--interval", "2"}), 4u);
}

TEST(RunCommandTest, AttachedValuesTakeOneArgument) {
  EXPECT_EQ(Count({"--output=base", "-obase", "--interval=1", "ls"}), 3u);
}

TEST(RunCommandTest, FlagsTakeNoValue) { EXPECT_EQ(Count({"--no-report", "ls"}), 1u); }

TEST(RunCommandTest, DashesEndTheOptions) {
  EXPECT_EQ(Count({"-o", "base", "--", "-o", "ls"}), 2u);
  EXPECT_EQ(Count({"--", "ls"}), 0u);
}

TEST(RunCommandTest, MissingValueStaysWithinTheArguments) { EXPECT_EQ(Count({"-o"}), 1u); }

TEST(RunCommandTest, LoneDashIsAProgram) { EXPECT_EQ(Count({"-", "x"}), 0u); }

TEST(RunCommandTest, EmptyTextIsAProgram) { EXPECT_EQ(Count({"", "x"}), 0u); }

}  // namespace
}  // namespace heapcrest
