// What the library does not let us phrase: the first line of a subcommand's help, what is wrong
// with a number, and what is wrong with the first argument.
//
// Not thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"

namespace heapcrest {

// `usage` as a user would type it, without "heapcrest".
void SetUsage(CLI::App* app, const std::string& usage);

// Accepts whole numbers from `least` to `most`, in digits alone.
CLI::Validator WholeNumber(uint64_t least, uint64_t most);

// What to say of arguments that do not start with a command, nor with an option of the command line
// itself; empty if they do.
std::string ComplaintOfStart(const CLI::App& app, const std::vector<std::string>& arguments);

}  // namespace heapcrest
