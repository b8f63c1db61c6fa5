#include "viewer/function_name.h"

#include <algorithm>
#include <array>

#include "viewer/printable.h"

namespace heapcrest {
namespace {

constexpr std::string_view kOperator = "operator", kAnonymous = "(anonymous namespace)";
constexpr std::array<std::string_view, 13> kSymbols = {"()", "[]", "<=>", "<<=", ">>=", "->*", "<<",
                                                       ">>", "->", "<=",  ">=",  "<",   ">"};
constexpr size_t kMostRead = 20'000;  // characters that are looked at

bool IsWord(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// How much of `name` at `at` is an operator's name: 0 where none begins. "operator new" has no
// symbol: its word is copied like any other.
size_t OperatorLength(std::string_view name, size_t at) {
  const bool is_one = name.substr(at).starts_with(kOperator) && (at == 0 || !IsWord(name[at - 1]));
  const size_t behind = at + kOperator.size();
  if (!is_one || (behind < name.size() && IsWord(name[behind]))) return 0;
  for (const std::string_view symbol : kSymbols) {
    if (name.substr(behind).starts_with(symbol)) return kOperator.size() + symbol.size();
  }
  return kOperator.size();
}

// One behind the bracket that closes the one at `at`; npos: none does. In angle brackets
// parentheses are skipped, since what is in them may compare.
size_t Closing(std::string_view name, size_t at) {
  const char open = name[at], close = open == '<' ? '>' : ')';
  size_t depth = 0, parentheses = 0;
  for (size_t i = at; i < name.size(); ++i) {
    const size_t skipped = open == '<' ? OperatorLength(name, i) : 0;
    if (skipped != 0) {
      i += skipped - 1;
    } else if (open == '<' && name[i] == '(') {
      ++parentheses;
    } else if (open == '<' && name[i] == ')') {
      parentheses -= std::min<size_t>(parentheses, 1);
    } else if (parentheses != 0) {
      continue;
    } else if (name[i] == open) {
      ++depth;
    } else if (name[i] == close && (close == ')' || name[i - 1] != '-') && --depth == 0) {
      return i + 1;
    }
  }
  return name.npos;
}

// "unsigned long llvm::Vec<clang::Decl*>::grow<int>(int) const" -> "llvm::Vec<…>::grow<…>(…)".
// A name that does not read so stays as it is.
std::string WithoutArguments(std::string_view name) {
  std::string folded;
  size_t start = 0;  // of the name proper, behind the return type
  for (size_t i = 0; i < name.size();) {
    if (const size_t length = OperatorLength(name, i); length != 0) {
      folded += name.substr(i, length);
      i += length;
      continue;
    }
    const char c = name[i];
    const bool is_anonymous = name.substr(i).starts_with(kAnonymous);
    if ((c == '<' || c == '(') && i > 0 && !is_anonymous) {
      const size_t end = Closing(name, i);
      if (end == name.npos) return std::string(name);
      folded += c == '<' ? "<…>" : end == i + 2 ? "()" : "(…)";
      i = end;
      // Behind the parameters stand const and clones.
      if (c == '(' && !name.substr(end).starts_with("::")) return folded.substr(start);
      continue;
    }
    if (is_anonymous) {
      folded += kAnonymous;
      i += kAnonymous.size();
      continue;
    }
    folded += c;
    ++i;
    if (c == ' ' && !folded.ends_with("operator ") && name[0] != '<') start = folded.size();
  }
  return folded.substr(start);
}

}  // namespace

std::string FunctionWithin(std::string_view name, size_t most) {
  const auto fits = [most](const std::string& text) { return CharacterCount(text) <= most; };
  std::string shown = Printable(name);
  if (fits(shown) || name.size() > kMostRead) return PrintableWithin(name, most);
  shown = WithoutArguments(shown);
  while (!fits(shown)) {
    const size_t scope = shown.find("::");
    if (scope == shown.npos || scope + 2 == shown.size()) break;
    shown.erase(0, scope + 2);
  }
  return PrintableWithin(shown, most);
}

}  // namespace heapcrest
