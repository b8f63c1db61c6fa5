#include "viewer/path_prefix.h"

#include <string>
#include <utility>

namespace heapcrest {
namespace {

// What is left of `path` inside `folder` (which ends in no slash); `path` itself elsewhere.
std::string_view Inside(std::string_view folder, std::string_view path) {
  const bool is_inside =
      path.size() > folder.size() + 1 && path.starts_with(folder) && path[folder.size()] == '/';
  return is_inside ? path.substr(folder.size() + 1) : path;
}

}  // namespace

void StripPathPrefix(std::string_view folder, Recording* recording) {
  while (folder.ends_with('/')) folder.remove_suffix(1);
  if (folder.empty()) return;
  StringTable strings;
  const auto keep = [&](uint32_t* id) { *id = strings.Intern(recording->strings[*id]); };
  const auto shorten = [&](uint32_t* id) {
    *id = strings.Intern(Inside(folder, recording->strings[*id]));
  };
  for (Frame& frame : recording->frames) {
    keep(&frame.function);
    shorten(&frame.file);
    shorten(&frame.module);
  }
  for (SourceLine& line : recording->source) {
    shorten(&line.file);
    keep(&line.text);
  }
  recording->strings = std::move(strings);
  for (Process& process : recording->processes) {
    process.executable = std::string(Inside(folder, process.executable));
    for (Mapping& mapping : process.mappings) {
      mapping.path = std::string(Inside(folder, mapping.path));
    }
  }
}

}  // namespace heapcrest
