// `heapcrest report`: a profile, a capture or a folder of captures as one HTML file.
//
// Thread-safe.
#pragma once

#include <string>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "viewer/recording.h"

namespace heapcrest {

struct ReportCommandOptions {
  std::string input;
  std::string output;  // "": the input's name with .html
};

CLI::App* AddReportCommand(CLI::App* app, ReportCommandOptions* options);

int Report(const ReportCommandOptions& options);

absl::Status WriteReport(const Recording& recording, const std::string& path);

// "app.heapcrest" and "app.captures/" become "app.html".
std::string ReportPathFor(const std::string& input);

}  // namespace heapcrest
