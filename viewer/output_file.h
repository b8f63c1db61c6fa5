// Writes files that appear whole or not at all and never replace what is not ours.
//
// The content is written beside the file and renamed over it. A profile or a report of ours may be
// replaced, anything else that exists is refused; a pipe or a device is written to directly.
//
// Not thread-safe: one writer at a time in a process.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace heapcrest {

enum class OutputKind {
  kProfile,
  kReport,  // begins with kReportMarker
  kText,    // an export: nothing tells ours from others, so none is replaced
};

inline constexpr std::string_view kReportMarker = "<!doctype html><!-- heapcrest report";

// Whether WriteWhole would find `path` free, ours or a device, and its folder writable: to be asked
// before the work is done.
absl::Status CheckWritable(const std::string& path, OutputKind kind);

absl::Status WriteWhole(const std::string& path, std::string_view content, OutputKind kind);

}  // namespace heapcrest
