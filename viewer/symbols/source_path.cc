#include "viewer/symbols/source_path.h"

#include <vector>

namespace heapcrest {
namespace {

constexpr size_t kMaxPathBytes = size_t{16} * 1024;

// The folders and the file of `path`, with each `..` taken out together with what it undoes.
std::vector<std::string_view> NormalizedParts(std::string_view path, bool is_absolute) {
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const std::string_view part = path.substr(0, path.find('/'));
    path.remove_prefix(part.size() == path.size() ? part.size() : part.size() + 1);
    if (part.empty() || part == ".") continue;
    if (part != "..") {
      parts.push_back(part);
    } else if (!parts.empty() && parts.back() != "..") {
      parts.pop_back();
    } else if (!is_absolute) {
      parts.push_back(part);
    }
  }
  return parts;
}

}  // namespace

std::string NormalizePath(std::string_view path) {
  path = path.substr(0, kMaxPathBytes);
  const bool is_absolute = !path.empty() && path.front() == '/';
  std::string normal;
  for (const std::string_view part : NormalizedParts(path, is_absolute)) {
    if (is_absolute || !normal.empty()) normal += '/';
    normal += part;
  }
  return normal;
}

std::string SourcePath(std::string_view folder, std::string_view path) {
  const bool is_absolute = !path.empty() && path.front() == '/';
  if (is_absolute || folder.empty() || path.empty()) return NormalizePath(path);
  std::string joined(folder.substr(0, kMaxPathBytes));
  joined += '/';
  if (path.substr(0, joined.size()) == joined) return NormalizePath(path);
  return NormalizePath(joined.append(path.substr(0, kMaxPathBytes)));
}

}  // namespace heapcrest
