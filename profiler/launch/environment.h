// The environment that brings the profiler into a program and tells it what to do there.
//
// Thread-safe: pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace heapcrest {

struct ProfilerSettings {
  std::string library;          // absolute path of libheapcrest.so
  std::string captures_folder;  // absolute
  uint64_t interval_bytes = 0;
};

// `environment` (environ: "NAME=value", ended by null) with our variables set. What was already
// preloaded stays, after us: our hooks then call its malloc, so a preloaded allocator is measured.
// AddressSanitizer's is measured in the same way once it is told to accept us in front of it.
std::vector<std::string> ProfiledEnvironment(const char* const* environment,
                                             const ProfilerSettings& settings);

}  // namespace heapcrest
