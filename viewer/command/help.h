// The first line of a subcommand's help, which the library does not let us phrase.
//
// Not thread-safe.
#pragma once

#include <string>

#include "CLI/CLI.hpp"

namespace heapcrest {

// `usage` as a user would type it, without "heapcrest".
void SetUsage(CLI::App* app, const std::string& usage);

}  // namespace heapcrest
