#include "viewer/command/report_command.h"

#include <gtest/gtest.h>

#include <string>

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

// What the command line `report profile --page-size SIZE` is answered with; "" where it is taken.
std::string ComplaintOf(const std::string& size, ReportCommandOptions* options) {
  CLI::App app;
  AddReportCommand(&app, options);
  try {
    app.parse("report profile --page-size " + size);
  } catch (const CLI::ParseError& error) {
    return error.what();
  }
  return "";
}

TEST(ReportCommandTest, PageSizeIsAWholeNumberOfMegabytes) {
  ReportCommandOptions options;
  EXPECT_EQ(ComplaintOf("1", &options), "");
  EXPECT_EQ(options.page_megabytes, 1u);
  EXPECT_EQ(ComplaintOf("1000", &options), "");
  EXPECT_EQ(options.page_megabytes, 1000u);
  for (const std::string size : {"0", "1001", "-1", "1.5", "4MB", "0x10", "many"}) {
    EXPECT_EQ(ComplaintOf(size, &options),
              "--page-size: '" + size + "' is not a whole number from 1 to 1000");
  }
}

}  // namespace
}  // namespace heapcrest
