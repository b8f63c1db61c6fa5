#include "profiler/launch/script.h"

#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace heapcrest {
namespace {

constexpr std::string_view kBlanks = " \t";

std::string_view Trim(std::string_view text) {
  const size_t first = text.find_first_not_of(kBlanks);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

}  // namespace

std::optional<Interpreter> ParseFirstLine(std::string_view start) {
  if (start.substr(0, 2) != "#!") return std::nullopt;
  start.remove_prefix(2);
  const size_t line_end = start.find('\n');
  std::string_view line = start.substr(0, line_end);
  line = Trim(line.substr(0, line.find('\0')));
  const size_t path_end = line.find_first_of(kBlanks);
  // A path that fills the kernel's buffer was cut: the kernel refuses it too.
  const bool cut = line_end == start.npos && start.size() + 2 >= kMaxFirstLineBytes;
  if (line.empty() || (cut && path_end == line.npos)) return std::nullopt;
  Interpreter interpreter;
  interpreter.path = line.substr(0, path_end);
  if (path_end != line.npos) interpreter.argument = Trim(line.substr(path_end));
  return interpreter;
}

std::string ProgramOfEnv(const Interpreter& interpreter) {
  const std::string_view path = interpreter.path;
  if (path.substr(path.rfind('/') + 1) != "env") return {};
  absl::string_view rest = interpreter.argument;
  const bool split = absl::ConsumePrefix(&rest, "--split-string=") ||
                     absl::ConsumePrefix(&rest, "-S") || absl::ConsumePrefix(&rest, "-vS");
  if (!split) return absl::StartsWith(rest, "-") ? std::string() : std::string(rest);
  const std::vector<std::string> words =
      absl::StrSplit(rest, absl::ByAnyChar(" \t"), absl::SkipEmpty());
  for (const std::string& word : words) {
    if (word == "-i" || absl::StrContains(word, '=')) continue;
    // Other options, quotes and variables: only env itself knows.
    return word.find_first_of("-\"'\\$") == 0 ? std::string() : word;
  }
  return {};
}

}  // namespace heapcrest
