// `heapcrest report`: a profile, a capture or a folder of captures as one HTML file.
//
// Thread-safe.
#pragma once

#include <cstdint>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "viewer/recording.h"
#include "viewer/report.h"

namespace heapcrest {

struct ReportCommandOptions {
  std::string input;
  std::string output;  // "": the input's name with .html
  bool no_source = false;
  bool native = false;
  std::string strip_prefix = {};  // "": none
  uint64_t page_megabytes = kDefaultPageMegabytes;
};

CLI::App* AddReportCommand(CLI::App* app, ReportCommandOptions* options);

int Report(const ReportCommandOptions& options);

// `options` without the version, which is ours.
absl::Status WriteReport(const Recording& recording, const std::string& path,
                         ReportOptions options = {});

// "app.heapcrest" and "app.captures/" become "app.html".
std::string ReportPathFor(const std::string& input);

}  // namespace heapcrest
