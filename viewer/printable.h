// Makes hostile text fit to be shown: valid UTF-8, on one line, nothing that a terminal obeys.
//
// Thread-safe: pure functions.
#pragma once

#include <string>
#include <string_view>

namespace heapcrest {

bool IsUtf8(std::string_view text);

// REQUIRES: valid UTF-8.
size_t CharacterCount(std::string_view utf8);

// Every control character (C0, C1, DEL), line separator, mark that turns the direction of writing,
// and byte that is not UTF-8 becomes U+FFFD, the replacement character.
std::string Printable(std::string_view text);

// The same, at most `most` characters: the middle of longer text gives way to an ellipsis.
std::string PrintableWithin(std::string_view text, size_t most);

}  // namespace heapcrest
