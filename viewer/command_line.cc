#include "viewer/command_line.h"

#include <string.h>

#include <algorithm>

#include "viewer/printable.h"

namespace heapcrest {
namespace {

bool IsControl(char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; }

// What is between the quotes of $'...'.
std::string Escaped(char c) {
  if (c == '\n') return "\\n";
  if (c == '\t') return "\\t";
  if (c == '\r') return "\\r";
  if (c == '\'' || c == '\\') return std::string("\\") + c;
  if (!IsControl(c)) return std::string(1, c);
  const auto octal = [c](int shift) { return static_cast<char>('0' + (c >> shift & 7)); };
  return {'\\', octal(6), octal(3), octal(0)};
}

std::string Quoted(const std::string& argument) {
  const auto is_plain = [](char c) {
    return !IsControl(c) && strchr(" \"'\\$`!*?[](){}<>|&;#~", c) == nullptr;
  };
  if (!argument.empty() && std::all_of(argument.begin(), argument.end(), is_plain)) return argument;
  const bool has_control = std::any_of(argument.begin(), argument.end(), IsControl);
  std::string quoted = has_control ? "$'" : "'";
  for (const char c : argument) {
    quoted += has_control ? Escaped(c) : c == '\'' ? "'\\''" : std::string(1, c);
  }
  return quoted + "'";
}

}  // namespace

bool IsTitle(const std::vector<std::string>& command) {
  if (command.empty()) return false;
  // "nginx: worker process"; or "redis-rdb-bgsave *:6379", with nothing where the arguments were.
  const bool is_padded = command.size() > 2 && command[0].find(' ') != std::string::npos;
  if (command[0].find(": ") == std::string::npos && !is_padded) return false;
  return std::none_of(command[0].begin(), command[0].end(), IsControl) &&
         std::all_of(command.begin() + 1, command.end(),
                     [](const std::string& argument) { return argument.empty(); });
}

std::string CommandLine(const Process& process) {
  if (IsTitle(process.command)) {
    return process.command[0].substr(0, process.command[0].find_last_not_of(' ') + 1);
  }
  std::string line;
  for (const std::string& argument : process.command) {
    line += (line.empty() ? "" : " ") + Quoted(argument);
  }
  return line.empty() ? process.executable : line;
}

std::string CommandWithin(std::string_view command, size_t most) {
  if (command.size() > most) {
    const size_t slash = command.substr(0, command.find(' ')).rfind('/');
    if (slash != command.npos && command[0] != '\'' && command[0] != '$') {
      command.remove_prefix(slash + 1);
    }
  }
  return PrintableWithin(command, most);
}

}  // namespace heapcrest
