#include "viewer/command/help.h"

#include <charconv>
#include <memory>

#include "CLI/Formatter.hpp"
#include "absl/strings/str_cat.h"

namespace heapcrest {
namespace {

constexpr size_t kColumnWidth = 28;

class UsageFormatter : public CLI::Formatter {
 public:
  explicit UsageFormatter(std::string usage) : usage_(std::move(usage)) {
    column_width(kColumnWidth);
  }

  std::string make_usage(const CLI::App*, std::string) const override {
    return "Usage: heapcrest " + usage_ + "\n";
  }

  // The type's name stands in the usage and says enough.
  std::string make_option_opts(const CLI::Option* option) const override {
    std::string text = option->get_type_name().empty() ? "" : " " + option->get_type_name();
    if (!option->get_default_str().empty()) text += "=" + option->get_default_str();
    return text;
  }

 private:
  const std::string usage_;
};

}  // namespace

void SetUsage(CLI::App* app, const std::string& usage) {
  app->formatter(std::make_shared<UsageFormatter>(usage));
}

CLI::Validator WholeNumber(uint64_t least, uint64_t most) {
  const auto complaint = [least, most](const std::string& text) -> std::string {
    uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool is_number = error == std::errc() && end == text.data() + text.size();
    if (is_number && number >= least && number <= most) return "";
    return absl::StrCat("'", text, "' is not a whole number from ", least, " to ", most);
  };
  return CLI::Validator(complaint, "");
}

}  // namespace heapcrest
