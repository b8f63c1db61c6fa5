// The first line of a script, read as the kernel and `env` read it.
//
// Thread-safe: pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace heapcrest {

inline constexpr size_t kMaxFirstLineBytes = 256;  // of a script, as the kernel reads it

struct Interpreter {
  std::string path;      // as written: usually absolute, may be relative to the current folder
  std::string argument;  // the rest of the line, one argument; empty: none
};

// `start` holds the file's first bytes, at most kMaxFirstLineBytes. Nothing when they are not "#!"
// and the name of an interpreter.
std::optional<Interpreter> ParseFirstLine(std::string_view start);

// The program that `env` starts for such a line ("python3" of "/usr/bin/env -S A=1 python3 -u").
// Empty when the interpreter is not env, or the line asks for what only env itself can tell.
std::string ProgramOfEnv(const Interpreter& interpreter);

}  // namespace heapcrest
