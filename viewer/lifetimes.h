// How long blocks lived: what was freed again at once, and how old it was what the peak held.
//
// Temporary is what was freed within a millisecond: such blocks cost time and no memory, and are
// often a copy or a buffer that could be kept. Bytes are of the view of all that was allocated, so
// that they are a part of it; ages are weighted by the bytes that the peak holds. Times are
// compared in microseconds, as a profile keeps them.
//
// Thread-safe: pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "viewer/call_tree.h"
#include "viewer/peak.h"
#include "viewer/recording.h"

namespace heapcrest {

inline constexpr double kTemporarySeconds = 1e-3;

struct Lifetimes {
  Amount temporary;                         // a part of what was allocated
  std::optional<double> temporary_seconds;  // its median lifetime, by bytes; none: it has no bytes
  std::optional<double> age_seconds;        // median of what was live at the peak, by bytes
};

// By group, and as the last element of all together. `group_of` is the group of each node of the
// tree; kNone: in all
// alone. REQUIRES: groups are less than `groups`; peak and tree are the process's.
std::vector<Lifetimes> LifetimesOf(const Process& process, const Peak& peak, const CallTree& tree,
                                   const std::vector<uint32_t>& group_of, size_t groups);

}  // namespace heapcrest
