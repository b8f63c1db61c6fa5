#include "viewer/profile_block.h"

#include <zstd.h>

#include <algorithm>
#include <cstring>
#include <memory>

namespace heapcrest {
namespace {

// A profile of clang++, 28,000 samples: level 12 takes 0.05 s for 303 kB, 15 takes 0.22 s for
// 302 kB, 19 takes 1.0 s for 289 kB. Large blocks are exact recordings of millions of events, where
// time counts more.
constexpr int kSmallBlockLevel = 12;
constexpr int kLargeBlockLevel = 5;
constexpr size_t kLargeBlockBytes = 8 << 20;

using Compressor = std::unique_ptr<ZSTD_CCtx, size_t (*)(ZSTD_CCtx*)>;

// A frame that zstd skips, appended until the block has the size that its content must have at
// least (profile_format.h).
void PadTo(size_t bytes, std::string* packed) {
  if (packed->size() >= bytes) return;
  const uint32_t head[2] = {ZSTD_MAGIC_SKIPPABLE_START,
                            static_cast<uint32_t>(std::max<size_t>(bytes - packed->size(), 8) - 8)};
  packed->append(reinterpret_cast<const char*>(head), sizeof(head));
  packed->append(head[1], '\0');
}

// Empty if it cannot be compressed.
std::string Compress(std::string_view raw) {
  const Compressor compressor(ZSTD_createCCtx(), ZSTD_freeCCtx);
  if (compressor == nullptr) return "";
  const int level = raw.size() < kLargeBlockBytes ? kSmallBlockLevel : kLargeBlockLevel;
  ZSTD_CCtx_setParameter(compressor.get(), ZSTD_c_compressionLevel, level);
  ZSTD_CCtx_setParameter(compressor.get(), ZSTD_c_checksumFlag, 1);
  std::string packed(ZSTD_compressBound(raw.size()), '\0');
  const size_t size =
      ZSTD_compress2(compressor.get(), packed.data(), packed.size(), raw.data(), raw.size());
  if (ZSTD_isError(size)) return "";
  packed.resize(size);
  PadTo(raw.size() / kMostCompression, &packed);
  return packed;
}

}  // namespace

std::string PackBlock(BlockType type, uint32_t process, std::string_view raw) {
  BlockHeader header = {type, process, Codec::kZstd, 0, raw.size(), 0};
  std::string stored = type == BlockType::kEnd ? "" : Compress(raw);
  if (stored.empty()) {
    stored = raw;
    header.codec = Codec::kStored;
  }
  header.stored_bytes = stored.size();
  std::string block(sizeof(header), '\0');
  memcpy(block.data(), &header, sizeof(header));
  return block + stored;
}

bool HasHonestSizes(const BlockHeader& header) {
  if (header.codec == Codec::kStored) return header.raw_bytes == header.stored_bytes;
  return header.codec == Codec::kZstd && header.raw_bytes / kMostCompression <= header.stored_bytes;
}

std::optional<std::string> UnpackBlock(const BlockHeader& header, std::string_view stored) {
  if (header.codec == Codec::kStored) return std::string(stored);
  std::string raw(header.raw_bytes, '\0');
  const size_t size = ZSTD_decompress(raw.data(), raw.size(), stored.data(), stored.size());
  if (ZSTD_isError(size) || size != raw.size()) return std::nullopt;
  return raw;
}

uint64_t HashHeader(uint64_t hash, const BlockHeader& header) {
  uint8_t bytes[sizeof(header)];
  memcpy(bytes, &header, sizeof(header));
  for (const uint8_t byte : bytes) hash = (hash ^ byte) * 0x100000001b3;
  return hash;
}

}  // namespace heapcrest
