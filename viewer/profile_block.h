// Packs the content of a block and unpacks it; the only file that knows zstd.
//
// Thread-safe: pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "viewer/profile_format.h"

namespace heapcrest {

// The whole block, header and content.
std::string PackBlock(BlockType type, uint32_t process, std::string_view raw);

// Whether the sizes in the header can be true; the memory that unpacking takes is then bounded.
bool HasHonestSizes(const BlockHeader& header);

// The content; nothing if it is not what was packed. REQUIRES: HasHonestSizes(header).
std::optional<std::string> UnpackBlock(const BlockHeader& header, std::string_view stored);

// FNV-1a of one header more.
uint64_t HashHeader(uint64_t hash, const BlockHeader& header);

}  // namespace heapcrest
