#include "viewer/command/run_command.h"

#include <gtest/gtest.h>

#include "CLI/CLI.hpp"

namespace heapcrest {
namespace {

class RunCommandTest : public ::testing::Test {
 protected:
  size_t Count(const std::vector<std::string>& arguments) {
    return CountOwnArguments(*AddRunCommand(&app_, &options_), arguments);
  }
  CLI::App app_;
  RunOptions options_;
};

TEST_F(RunCommandTest, FirstArgumentThatIsNoOptionIsTheProgram) {
  EXPECT_EQ(Count({"ls", "-o", "x"}), 0u);
}

TEST_F(RunCommandTest, ValuesOfOptionsAreNotTheProgram) {
  EXPECT_EQ(Count({"-o", "base", "--interval", "1", "ls", "--interval", "2"}), 4u);
}

TEST_F(RunCommandTest, AttachedValuesTakeOneArgument) {
  EXPECT_EQ(Count({"--output=base", "-obase", "--interval=1", "ls"}), 3u);
}

TEST_F(RunCommandTest, FlagsTakeNoValue) { EXPECT_EQ(Count({"--no-report", "ls"}), 1u); }

TEST_F(RunCommandTest, DashesEndTheOptions) {
  EXPECT_EQ(Count({"-o", "base", "--", "-o", "ls"}), 2u);
  EXPECT_EQ(Count({"--", "ls"}), 0u);
}

TEST_F(RunCommandTest, MissingValueStaysWithinTheArguments) { EXPECT_EQ(Count({"-o"}), 1u); }

TEST_F(RunCommandTest, LoneDashIsAProgram) { EXPECT_EQ(Count({"-", "x"}), 0u); }

TEST_F(RunCommandTest, EmptyTextIsAProgram) { EXPECT_EQ(Count({"", "x"}), 0u); }

}  // namespace
}  // namespace heapcrest
