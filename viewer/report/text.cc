#include "viewer/report/text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

namespace heapcrest {
namespace {

// The bytes of the well-formed sequence at the start of `text` (Unicode 15, table 3-7), or 0.
size_t SequenceBytes(std::string_view text) {
  const auto byte = [&](size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  const auto is_tail = [&](size_t i) { return (byte(i) & 0xc0) == 0x80; };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead <= 0xdf) return is_tail(1) ? 2 : 0;
  if (lead >= 0xe0 && lead <= 0xef) {
    const bool is_overlong = lead == 0xe0 && byte(1) < 0xa0;
    const bool is_surrogate = lead == 0xed && byte(1) > 0x9f;
    return is_tail(1) && is_tail(2) && !is_overlong && !is_surrogate ? 3 : 0;
  }
  if (lead >= 0xf0 && lead <= 0xf4) {
    const bool is_outside = (lead == 0xf0 && byte(1) < 0x90) || (lead == 0xf4 && byte(1) > 0x8f);
    return is_tail(1) && is_tail(2) && is_tail(3) && !is_outside ? 4 : 0;
  }
  return 0;
}

void AppendClean(std::string_view text, std::string* out) {
  while (!text.empty()) {
    const size_t bytes = SequenceBytes(text);
    if (bytes == 0) {
      out->append("\xef\xbf\xbd");
      text.remove_prefix(1);
      continue;
    }
    out->append(text.substr(0, bytes));
    text.remove_prefix(bytes);
  }
}

uint32_t Decode(std::string_view sequence) {
  const auto byte = [&](size_t i) { return static_cast<uint32_t>(sequence[i]) & 0xff; };
  switch (sequence.size()) {
    case 2:
      return (byte(0) & 0x1f) << 6 | (byte(1) & 0x3f);
    case 3:
      return (byte(0) & 0x0f) << 12 | (byte(1) & 0x3f) << 6 | (byte(2) & 0x3f);
    case 4:
      return (byte(0) & 0x07) << 18 | (byte(1) & 0x3f) << 12 | (byte(2) & 0x3f) << 6 |
             (byte(3) & 0x3f);
    default:
      return byte(0);
  }
}

// Controls, bidirectional marks, zero-width characters, line separators, byte order marks.
bool IsInvisible(uint32_t c) {
  return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0xad || c == 0x61c || c == 0x180e ||
         (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
         (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb);
}

void AppendEscaped(std::string_view sequence, std::string* out) {
  const uint32_t c = Decode(sequence);
  switch (c) {
    case '&':
      return (void)out->append("&amp;");
    case '<':
      return (void)out->append("&lt;");
    case '>':
      return (void)out->append("&gt;");
    case '"':
      return (void)out->append("&quot;");
    case '\'':
      return (void)out->append("&#39;");
    default:
      break;
  }
  if (!IsInvisible(c)) return (void)out->append(sequence);
  std::array<char, 16> escape;
  std::snprintf(escape.data(), escape.size(), "\\u%04x", c);
  out->append(escape.data());
}

}  // namespace

std::string CleanText(std::string_view text, size_t max_bytes) {
  std::string out;
  if (text.size() <= max_bytes) {
    AppendClean(text, &out);
    return out;
  }
  const size_t half = max_bytes / 2;
  AppendClean(text.substr(0, half), &out);
  out += " … (" + std::to_string(text.size() - 2 * half) + " bytes left out) … ";
  AppendClean(text.substr(text.size() - half), &out);
  return out;
}

std::string EscapeHtml(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  while (!text.empty()) {
    const size_t bytes = std::max<size_t>(1, SequenceBytes(text));
    AppendEscaped(text.substr(0, bytes), &out);
    text.remove_prefix(bytes);
  }
  return out;
}

}  // namespace heapcrest
