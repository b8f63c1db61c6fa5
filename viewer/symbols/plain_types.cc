#include "viewer/symbols/plain_types.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

namespace heapcrest {
namespace {

// Everybody's default argument.
constexpr std::array<std::string_view, 1> kAllocator = {"std::allocator<"};
// Those of the standard library's templates, unless of void: that is another choice.
constexpr std::array<std::string_view, 7> kDefaults = {
    "std::allocator<", "std::char_traits<",    "std::less<",        "std::hash<",
    "std::equal_to<",  "std::default_delete<", "std::regex_traits<"};
constexpr std::array<std::string_view, 3> kInlineNamespaces = {"__cxx11::", "__1::", "_V2::"};
// These have no defaults.
constexpr std::array<std::string_view, 5> kOfAnyTypes = {
    "std::pair<", "std::tuple<", "std::variant<", "std::_Tuple_impl<", "std::_Head_base<"};

template <size_t kCount>
bool StartsWithAny(std::string_view text, const std::array<std::string_view, kCount>& prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [text](std::string_view prefix) { return text.starts_with(prefix); });
}

bool IsWord(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

class PlainWriter {
 public:
  explicit PlainWriter(std::string_view name) : name_(name) { plain_.reserve(name.size()); }

  // False: brackets do not match.
  bool Write() {
    while (at_ < name_.size()) {
      if (SkipInlineNamespace() || CopyOperator()) continue;
      const char c = name_[at_++];
      const char open = levels_.empty() ? '\0' : levels_.back().open;
      if (c == '>' && open == '<') {
        CloseTemplate();
        continue;
      }
      if (c == ')' && open != '(') return false;
      if (c == ')') levels_.pop_back();
      if (c == '<' || c == '(') Open(c);
      plain_ += c;
      if (c == ',' && open == '<') BeginArgument();
    }
    return levels_.empty();
  }

  std::string Take() { return std::move(plain_); }

 private:
  struct Level {
    char open;
    size_t name;                      // of a template: where it begins in `plain_`
    std::vector<size_t> arguments{};  // where those behind the first begin
    size_t type = 0, type_end = 0;    // the template that ended last inside
  };

  void Open(char c) {
    size_t name = plain_.size();
    while (c == '<' && name > 0 && (IsWord(plain_[name - 1]) || plain_[name - 1] == ':')) --name;
    levels_.push_back({c, name});
  }

  void BeginArgument() {
    if (at_ < name_.size() && name_[at_] == ' ') plain_ += name_[at_++];
    levels_.back().arguments.push_back(plain_.size());
  }

  void DropSpaces() {
    while (plain_.ends_with(' ')) plain_.pop_back();
  }

  // Whether the level's last argument, as far as it was written, goes without saying.
  bool EndsInDefault(const Level& level) const {
    if (level.arguments.empty() || level.type != level.arguments.back()) return false;
    if (level.type_end != plain_.size()) return false;
    const std::string_view text = std::string_view(plain_).substr(level.name);
    const std::string_view type = std::string_view(plain_).substr(level.type);
    if (StartsWithAny(text, kOfAnyTypes) || type.ends_with("<void>")) return false;
    return text.starts_with("std::") ? StartsWithAny(type, kDefaults)
                                     : StartsWithAny(type, kAllocator);
  }

  void CloseTemplate() {
    Level level = std::move(levels_.back());
    levels_.pop_back();
    DropSpaces();
    while (EndsInDefault(level)) {
      plain_.resize(level.arguments.back() - std::string_view(", ").size());
      level.arguments.pop_back();
      // What is last now may be a default too: it ended where the other began.
      level.type = level.arguments.empty() ? 0 : level.arguments.back();
      level.type_end = plain_.ends_with('>') ? plain_.size() : 0;
    }
    if (plain_.ends_with('>')) plain_ += ' ';
    plain_ += '>';
    UseAlias(level.name);
    if (levels_.empty()) return;
    levels_.back().type = level.name;
    levels_.back().type_end = plain_.size();
  }

  // std::basic_string<char>, std::basic_ostream<wchar_t>, ...
  void UseAlias(size_t begin) {
    constexpr std::string_view kBasic = "std::basic_";
    const std::string_view text = std::string_view(plain_).substr(begin);
    if (!text.starts_with(kBasic)) return;
    const bool is_wide = text.ends_with("<wchar_t>");
    if (!is_wide && !text.ends_with("<char>")) return;
    const std::string_view name = text.substr(kBasic.size(), text.find('<') - kBasic.size());
    if (!std::all_of(name.begin(), name.end(), IsWord)) return;
    std::string alias = is_wide ? "std::w" : "std::";
    alias += name;
    plain_.replace(begin, std::string::npos, alias);
  }

  bool SkipInlineNamespace() {
    if (!plain_.ends_with("std::")) return false;
    for (const std::string_view inline_namespace : kInlineNamespaces) {
      if (!name_.substr(at_).starts_with(inline_namespace)) continue;
      at_ += inline_namespace.size();
      return true;
    }
    return false;
  }

  // operator<, operator(), ...: no brackets.
  bool CopyOperator() {
    constexpr std::string_view kOperator = "operator", kSigns = "<>=!+-*/%^&|~,";
    if (!name_.substr(at_).starts_with(kOperator) || (!plain_.empty() && IsWord(plain_.back())))
      return false;
    size_t end = at_ + kOperator.size();
    if (name_.substr(end).starts_with("()")) end += 2;
    while (end < name_.size() && kSigns.find(name_[end]) != kSigns.npos) ++end;
    plain_ += name_.substr(at_, end - at_);
    at_ = end;
    return true;
  }

  const std::string_view name_;
  size_t at_ = 0;
  std::string plain_;
  std::vector<Level> levels_;
};

}  // namespace

std::string WithPlainTypes(std::string_view name) {
  if (name.find("std::") == name.npos) return std::string(name);
  PlainWriter writer(name);
  return writer.Write() ? writer.Take() : std::string(name);
}

}  // namespace heapcrest
