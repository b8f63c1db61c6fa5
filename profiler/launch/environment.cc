#include "profiler/launch/environment.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace heapcrest {

std::vector<std::string> ProfiledEnvironment(const char* const* environment,
                                             const ProfilerSettings& settings) {
  std::vector<std::string> result;
  std::string preload = settings.library;
  std::string asan = "verify_asan_link_order=0";
  for (; *environment != nullptr; ++environment) {
    absl::string_view entry = *environment;
    if (absl::ConsumePrefix(&entry, "LD_PRELOAD=")) {
      if (!entry.empty()) absl::StrAppend(&preload, ":", entry);
    } else if (absl::ConsumePrefix(&entry, "ASAN_OPTIONS=")) {
      asan = absl::StrCat(entry, entry.empty() ? "" : ":", asan);
    } else if (entry.substr(0, 19) != "HEAPCREST_CAPTURES=" &&
               entry.substr(0, 19) != "HEAPCREST_INTERVAL=") {
      result.emplace_back(entry);
    }
  }
  result.push_back("LD_PRELOAD=" + preload);
  result.push_back("ASAN_OPTIONS=" + asan);
  result.push_back("HEAPCREST_CAPTURES=" + settings.captures_folder);
  result.push_back(absl::StrCat("HEAPCREST_INTERVAL=", settings.interval_bytes));
  return result;
}

}  // namespace heapcrest
