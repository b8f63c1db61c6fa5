#include "viewer/printable.h"

#include <cstdint>

namespace heapcrest {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";
constexpr std::string_view kEllipsis = "\xe2\x80\xa6";

// Takes one character off the front: false if it is no UTF-8 (then it is one byte).
bool TakeCharacter(std::string_view* text, char32_t* character, std::string_view* bytes) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>((*text)[i]); };
  const auto fail = [&] {
    *bytes = text->substr(0, 1);
    text->remove_prefix(1);
    return false;
  };
  const uint8_t first = byte(0);
  const size_t length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if ((first >= 0x80 && first < 0xc2) || first > 0xf4 || text->size() < length) return fail();
  char32_t value = length == 1 ? first : first & (0xff >> (length + 1));
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return fail();
    value = value << 6 | (byte(i) & 0x3f);
  }
  const bool is_overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
  const bool is_surrogate = value >= 0xd800 && value <= 0xdfff;
  if (is_overlong || is_surrogate || value > 0x10ffff) return fail();
  *character = value;
  *bytes = text->substr(0, length);
  text->remove_prefix(length);
  return true;
}

bool IsControl(char32_t c) {
  const bool is_direction = c == 0x61c || c == 0x200e || c == 0x200f ||
                            (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029 || is_direction;
}

bool IsContinuation(char c) { return (static_cast<uint8_t>(c) & 0xc0) == 0x80; }

// Where character `n` of valid UTF-8 begins.
size_t ByteOfCharacter(std::string_view utf8, size_t n) {
  size_t at = 0;
  while (at < utf8.size() && (IsContinuation(utf8[at]) || n-- > 0)) ++at;
  return at;
}

}  // namespace

size_t CharacterCount(std::string_view utf8) {
  size_t count = 0;
  for (const char c : utf8) count += IsContinuation(c) ? 0 : 1;
  return count;
}

bool IsUtf8(std::string_view text) {
  char32_t character;
  std::string_view bytes;
  while (!text.empty()) {
    if (!TakeCharacter(&text, &character, &bytes)) return false;
  }
  return true;
}

std::string Printable(std::string_view text) {
  std::string printable;
  printable.reserve(text.size());
  char32_t character;
  std::string_view bytes;
  while (!text.empty()) {
    const bool is_valid = TakeCharacter(&text, &character, &bytes);
    printable += is_valid && !IsControl(character) ? bytes : kReplacement;
  }
  return printable;
}

std::string PrintableWithin(std::string_view text, size_t most) {
  std::string printable = Printable(text);
  const size_t characters = CharacterCount(printable);
  if (characters <= most) return printable;
  // The head says what it is, the tail which one.
  const size_t head = ByteOfCharacter(printable, most * 2 / 3);
  const size_t tail = ByteOfCharacter(printable, characters - (most - most * 2 / 3 - 1));
  return printable.substr(0, head) + std::string(kEllipsis) + printable.substr(tail);
}

}  // namespace heapcrest
