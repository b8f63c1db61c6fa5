#include "viewer/command/help.h"

#include <algorithm>
#include <charconv>
#include <memory>

#include "CLI/Formatter.hpp"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

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

std::string ComplaintOfStart(const CLI::App& app, const std::vector<std::string>& arguments) {
  const auto is_command = [&app](const std::string& argument) {
    const auto named = [&argument](const CLI::App* command) {
      return command->get_name() == argument;
    };
    return !app.get_subcommands(named).empty();
  };
  if (arguments.empty() || is_command(arguments[0])) return "";
  const std::string option = arguments[0].substr(0, arguments[0].find('='));
  if (!option.starts_with('-')) {
    return absl::StrCat("'", option, "' is no command: run, report, summary or export");
  }
  const auto has_option = [&option](const CLI::App* of) {
    return option != "-" && option != "--" && of->get_option_no_throw(option) != nullptr;
  };
  if (has_option(&app)) return "";
  std::vector<std::string> right = arguments;
  const auto command = std::find_if(right.begin(), right.end(), is_command);
  if (command == right.end()) {
    right.insert(right.begin(), "run");
  } else {
    std::rotate(right.begin(), command, command + 1);
  }
  if (!has_option(app.get_subcommand(right[0]))) {
    return absl::StrCat("'", option, "' is no option of heapcrest. Try: heapcrest --help");
  }
  return absl::StrCat(option, " belongs after the command: heapcrest ", absl::StrJoin(right, " "));
}

}  // namespace heapcrest
