#include "viewer/command/report_command.h"

#include <gtest/gtest.h>

#include "CLI/CLI.hpp"

namespace heapcrest {
namespace {

TEST(ReportCommandTest, PageTakesTheNameOfItsInput) {
  EXPECT_EQ(ReportPathFor("app.heapcrest"), "app.html");
  EXPECT_EQ(ReportPathFor("/tmp/a.b/app.captures"), "/tmp/a.b/app.html");
  EXPECT_EQ(ReportPathFor("app.captures/"), "app.html");
  EXPECT_EQ(ReportPathFor("app.captures/17-ab.capture"), "app.captures/17-ab.html");
  EXPECT_EQ(ReportPathFor("profile"), "profile.html");
}

TEST(ReportCommandTest, InputThatIsMissingIsBadInput) {
  EXPECT_EQ(Report({"/no/such/profile", "/tmp/unused-heapcrest.html"}), 2);
}

}  // namespace
}  // namespace heapcrest
