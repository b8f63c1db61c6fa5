// Hostile text made harmless for a page: symbols, paths and arguments may hold any bytes.
//
// Thread-safe: pure functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace heapcrest {

// Longer names, paths and arguments lose their middle, and say so.
inline constexpr size_t kMaxTextBytes = 128 * 1024;

// Valid UTF-8: what is not becomes U+FFFD. At most about `max_bytes` long.
std::string CleanText(std::string_view text, size_t max_bytes = kMaxTextBytes);

// Markup's own characters as entities; characters that are invisible or reorder text as escapes
// that can be seen. The result is safe between tags and inside a quoted attribute.
// REQUIRES: valid UTF-8.
std::string EscapeHtml(std::string_view text);

}  // namespace heapcrest
