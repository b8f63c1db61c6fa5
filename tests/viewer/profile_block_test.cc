#include "viewer/profile_block.h"

#include <gtest/gtest.h>

#include <cstring>
#include <random>

namespace heapcrest {
namespace {

BlockHeader HeaderOf(const std::string& block) {
  BlockHeader header;
  memcpy(&header, block.data(), sizeof(header));
  return header;
}

std::string ContentOf(const std::string& block) { return block.substr(sizeof(BlockHeader)); }

std::string Random(size_t bytes) {
  std::mt19937 random(1);
  std::string text;
  while (text.size() < bytes) text += static_cast<char>(random());
  return text;
}

TEST(ProfileBlockTest, ContentComesBack) {
  for (const std::string& raw : {std::string(), std::string("x"), Random(10'000),
                                 Random(100) + std::string(5000, 'a') + Random(100),
                                 std::string(1 << 20, '\0'), std::string(9 << 20, 'z')}) {
    const std::string block = PackBlock(BlockType::kStrings, 7, raw);
    const BlockHeader header = HeaderOf(block);
    EXPECT_EQ(header.type, BlockType::kStrings);
    EXPECT_EQ(header.process, 7u);
    EXPECT_EQ(header.raw_bytes, raw.size());
    EXPECT_EQ(header.stored_bytes, ContentOf(block).size());
    EXPECT_TRUE(HasHonestSizes(header));
    EXPECT_LE(header.stored_bytes, raw.size() + 32);
    EXPECT_EQ(UnpackBlock(header, ContentOf(block)), raw);
  }
}

TEST(ProfileBlockTest, NoSmallBlockUnpacksToALargeOne) {
  const std::string block = PackBlock(BlockType::kEvents, 0, std::string(1 << 20, '\0'));
  EXPECT_GE(block.size(), (1u << 20) / kMostCompression);
  BlockHeader header = HeaderOf(block);
  header.raw_bytes = (header.stored_bytes + 1) * kMostCompression;
  EXPECT_FALSE(HasHonestSizes(header));
  header.codec = Codec::kStored;
  EXPECT_FALSE(HasHonestSizes(header));
  header.raw_bytes = header.stored_bytes;
  EXPECT_TRUE(HasHonestSizes(header));
  header.codec = static_cast<Codec>(9);
  EXPECT_FALSE(HasHonestSizes(header));
}

TEST(ProfileBlockTest, DamageIsNoticed) {
  const std::string raw = "some text, some text, some text, some text" + Random(100);
  const std::string block = PackBlock(BlockType::kFacts, 0, raw);
  const BlockHeader header = HeaderOf(block);
  ASSERT_EQ(header.codec, Codec::kZstd);
  for (size_t i = 0; i < header.stored_bytes; ++i) {
    for (const int bit : {1, 128}) {
      std::string content = ContentOf(block);
      content[i] = static_cast<char>(content[i] ^ bit);
      const std::optional<std::string> unpacked = UnpackBlock(header, content);
      EXPECT_EQ(unpacked.value_or(raw), raw) << i;  // or else a bit that means nothing
    }
  }
  BlockHeader longer = header;
  longer.raw_bytes += 1;
  EXPECT_FALSE(UnpackBlock(longer, ContentOf(block)).has_value());
}

TEST(ProfileBlockTest, EveryFieldOfAHeaderCountsInItsHash) {
  const BlockHeader header = HeaderOf(PackBlock(BlockType::kFacts, 3, "text"));
  const uint64_t hash = HashHeader(kHashOfNothing, header);
  for (size_t i = 0; i < sizeof(header); ++i) {
    char bytes[sizeof(header)];
    memcpy(bytes, &header, sizeof(header));
    bytes[i] ^= 1;
    EXPECT_NE(HashHeader(kHashOfNothing, HeaderOf({bytes, sizeof(bytes)})), hash);
  }
}

}  // namespace
}  // namespace heapcrest
