// What the library does not let us phrase: the first line of a subcommand's help, and what is wrong
// with a number.
//
// Not thread-safe.
#pragma once

#include <cstdint>
#include <string>

#include "CLI/CLI.hpp"

namespace heapcrest {

// `usage` as a user would type it, without "heapcrest".
void SetUsage(CLI::App* app, const std::string& usage);

// Accepts whole numbers from `least` to `most`, in digits alone.
CLI::Validator WholeNumber(uint64_t least, uint64_t most);

}  // namespace heapcrest
