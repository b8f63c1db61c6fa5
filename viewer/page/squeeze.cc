#include "viewer/page/squeeze.h"

#include <cctype>
#include <cstring>
#include <stdexcept>

namespace {

bool IsWord(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}

size_t TemplateEnd(const std::string& line, size_t at);

// One behind the string, template or regular expression that begins at `at`.
size_t LiteralEnd(const std::string& line, size_t at) {
  if (line[at] == '`') return TemplateEnd(line, at);
  bool in_class = false;  // [...] of a regular expression, where / stands for itself
  for (size_t i = at + 1; i < line.size(); ++i) {
    if (line[i] == '\\') {
      ++i;
    } else if (line[at] == '/' && (line[i] == '[' || line[i] == ']')) {
      in_class = line[i] == '[';
    } else if (line[i] == line[at] && !in_class) {
      return i + 1;
    }
  }
  throw std::runtime_error("a literal does not end on its line: " + line);
}

size_t TemplateEnd(const std::string& line, size_t at) {
  size_t depth = 0;  // of ${...}
  for (size_t i = at + 1; i < line.size(); ++i) {
    if (depth == 0 && line[i] == '`') return i + 1;
    if (line[i] == '\\') {
      ++i;
    } else if (depth == 0 ? line.compare(i, 2, "${") == 0 : line[i] == '{') {
      i += depth == 0 ? 1 : 0;
      ++depth;
    } else if (depth > 0 && line[i] == '}') {
      --depth;
    } else if (depth > 0 && std::strchr("'\"`", line[i]) != nullptr) {
      i = LiteralEnd(line, i) - 1;
    }
  }
  throw std::runtime_error("a template does not end on its line: " + line);
}

// Whether a slash behind `out` begins a regular expression rather than divides.
bool BeginsRegex(const std::string& out) {
  const size_t last = out.find_last_not_of(' ');
  if (last == std::string::npos || std::strchr("(,=:[!&|?{};>", out[last]) != nullptr) return true;
  return last >= 5 && out.compare(last - 5, 6, "return") == 0;
}

bool NeedsSpace(const std::string& out, char next) {
  if (out.empty()) return false;
  const char last = out.back();
  return (IsWord(last) && IsWord(next)) || (last == next && std::strchr("+-/", next) != nullptr);
}

}  // namespace

std::string SqueezedScript(const std::string& line) {
  std::string out;
  bool has_space = false;
  for (size_t i = 0; i < line.size();) {
    if (line.compare(i, 2, "//") == 0 && !BeginsRegex(out)) break;
    if (line.compare(i, 2, "//") == 0 && (has_space || out.empty())) break;
    if (line.compare(i, 2, "/*") == 0) {
      const size_t end = line.find("*/", i);
      if (end == std::string::npos) throw std::runtime_error("an open comment: " + line);
      i = end + 2;
    } else if (line[i] == ' ') {
      has_space = true;
      ++i;
    } else {
      const bool is_literal =
          std::strchr("'\"`", line[i]) != nullptr || (line[i] == '/' && BeginsRegex(out));
      const size_t end = is_literal ? LiteralEnd(line, i) : i + 1;
      if (has_space && NeedsSpace(out, line[i])) out += ' ';
      out += line.substr(i, end - i);
      has_space = false;
      i = end;
    }
  }
  return out;
}

std::string SqueezedStyle(const std::string& line) {
  std::string out;
  for (const char c : line) {
    if (c == ' ' && !out.empty() && std::strchr(":;,{", out.back()) != nullptr) continue;
    if ((c == '{' || c == '}') && !out.empty() && out.back() == ' ') out.pop_back();
    out += c;
  }
  return out;
}
