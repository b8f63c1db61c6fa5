// `heapcrest summary`: the figures of a profile on stdout, for people, programs and merge requests.
//
// Thread-safe.
#pragma once

#include <cstddef>
#include <string>

#include "CLI/CLI.hpp"
#include "viewer/peak.h"

namespace heapcrest {

struct SummaryOptions {
  std::string input;
  std::string format = "text";
  size_t top = 10;
  std::string between;  // "FROM-TO" in seconds, or empty
  bool native = false;
};

CLI::App* AddSummaryCommand(CLI::App* app, SummaryOptions* options);

int ShowSummary(const SummaryOptions& options);

}  // namespace heapcrest
