// `heapcrest export`: a profile in the formats of other tools.
//
// Thread-safe.
#pragma once

#include <string>

#include "CLI/CLI.hpp"

namespace heapcrest {

struct ExportOptions {
  std::string input;
  std::string format;
  std::string view = "peak";
  std::string output;  // "": stdout
  bool native = false;
};

CLI::App* AddExportCommand(CLI::App* app, ExportOptions* options);

int Export(const ExportOptions& options);

}  // namespace heapcrest
