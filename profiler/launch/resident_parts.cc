#include "profiler/launch/resident_parts.h"

#include <algorithm>
#include <cstdio>
#include <utility>
#include <vector>

#include "absl/strings/match.h"

namespace heapcrest {
namespace {

constexpr uint64_t kHeapBytes = uint64_t{64} << 20;  // glibc's HEAP_MAX_SIZE
constexpr uint64_t kMostGuardBytes = uint64_t{64} << 10;

struct Mapping {
  uint64_t start = 0, end = 0;
  std::string rights, path;
  uint64_t resident = 0;
  bool is_table = false;
};

// "7f1c8e200000-7f1c8e221000 rw-p 00000000 00:00 0     [heap]"
bool ParseMapping(const std::string& text, Mapping* mapping) {
  unsigned long start, end;
  char rights[5];
  int behind = 0;
  if (sscanf(text.c_str(), "%lx-%lx %4s %*s %*s %*s%n", &start, &end, rights, &behind) != 3 ||
      behind == 0) {
    return false;
  }
  const size_t path = text.find_first_not_of(' ', static_cast<size_t>(behind));
  *mapping = {start, end, rights, path == std::string::npos ? "" : text.substr(path)};
  return true;
}

// As arena.cc maps our tables: hardly anything else asks for all three.
bool HasFlagsOfTables(const std::string& text) {
  for (const char* flag : {" dd", " nh", " nr"}) {  // in no dump, no huge pages, not reserved
    if (!absl::StrContains(text, flag)) return false;
  }
  return true;
}

std::vector<Mapping> ReadMappings(std::istream& smaps) {
  std::vector<Mapping> mappings;
  for (std::string text; std::getline(smaps, text);) {
    Mapping mapping;
    unsigned long kilobytes;
    if (ParseMapping(text, &mapping)) {
      mappings.push_back(std::move(mapping));
    } else if (!mappings.empty() && sscanf(text.c_str(), "Rss: %lu kB", &kilobytes) == 1) {
      mappings.back().resident = uint64_t{kilobytes} * 1024;
    } else if (!mappings.empty() && absl::StartsWith(text, "VmFlags:")) {
      mappings.back().is_table = HasFlagsOfTables(text);
    }
  }
  return mappings;
}

bool IsForbidden(const Mapping& mapping) { return absl::StartsWith(mapping.rights, "---"); }

bool IsGuard(const Mapping& mapping) {
  return mapping.path.empty() && IsForbidden(mapping) &&
         mapping.end - mapping.start <= kMostGuardBytes;
}

// Private: behind a shared one, a capture's for instance, stands what happened to be mapped there.
bool IsData(const Mapping& mapping) {
  return mapping.path[0] == '/' && mapping.rights[1] == 'w' && mapping.rights[3] == 'p';
}

// What is not in use yet of the region is reserved behind it.
bool IsGlibcHeap(const Mapping& mapping, const Mapping& next) {
  const uint64_t whole = mapping.start + kHeapBytes;
  if (mapping.start % kHeapBytes != 0 || mapping.end > whole) return false;
  return mapping.end == whole ||
         (next.start == mapping.end && next.end == whole && IsForbidden(next));
}

using Part = uint64_t ResidentParts::*;

Part PartOfNamed(const std::string& path, const std::string& captures_folder) {
  if (path == "[heap]") return &ResidentParts::heaps;
  if (absl::StartsWith(path, "[stack")) return &ResidentParts::stacks;
  if (absl::StartsWith(path, captures_folder + "/") || absl::EndsWith(path, "/libheapcrest.so")) {
    return &ResidentParts::profiler;
  }
  for (const char* shared : {"[", "/dev/zero (deleted)", "/dev/shm/", "/memfd:", "/SYSV"}) {
    if (absl::StartsWith(path, shared)) return &ResidentParts::anonymous;
  }
  return &ResidentParts::files;
}

}  // namespace

ResidentParts ReadResidentParts(std::istream& smaps, const std::string& captures_folder,
                                const ZeroedBytes& zeroed_bytes) {
  std::vector<Mapping> mappings = ReadMappings(smaps);
  ResidentParts parts;
  Mapping last;
  Part last_part = &ResidentParts::anonymous;
  for (size_t i = 0; i < mappings.size(); ++i) {
    Mapping& mapping = mappings[i];
    const bool follows = last.end == mapping.start;
    Part part = &ResidentParts::anonymous;
    if (!mapping.path.empty()) {
      part = PartOfNamed(mapping.path, captures_folder);
    } else if (mapping.is_table) {
      part = &ResidentParts::profiler;
    } else if (IsGlibcHeap(mapping, i + 1 < mappings.size() ? mappings[i + 1] : Mapping())) {
      part = &ResidentParts::heaps;
    } else if (follows && IsGuard(last)) {
      part = &ResidentParts::stacks;
    } else if (follows && IsData(last)) {
      const uint64_t zeroed = std::min(mapping.resident, zeroed_bytes(last.path));
      parts.*last_part += zeroed;
      mapping.resident -= zeroed;
    }
    parts.*part += mapping.resident;
    parts.is_whole |= mapping.path == "[stack]";
    last = mapping;
    last_part = part;
  }
  return parts;
}

}  // namespace heapcrest
