#include "profiler/python/layout.h"

#include <gtest/gtest.h>

#include <vector>

namespace heapcrest {
namespace {

constexpr uint32_t kPython313 = 0x030d00f0;

// The first words of the _PyRuntime of CPython 3.13.0, x86-64.
std::vector<uint64_t> Runtime313() {
  std::vector<uint64_t> words = {8750607829840520312,
                                 51183856,
                                 0,
                                 283320,
                                 608,
                                 632,
                                 194968,
                                 7272,
                                 7264,
                                 7344,
                                 7400,
                                 7656,
                                 7640,
                                 7648,
                                 16,
                                 7752,
                                 0,
                                 7768,
                                 7760,
                                 304,
                                 0,
                                 8,
                                 16,
                                 72,
                                 152,
                                 160,
                                 232,
                                 32,
                                 80,
                                 8,
                                 0,
                                 56,
                                 72,
                                 70,
                                 208,
                                 112,
                                 120,
                                 128,
                                 136,
                                 68,
                                 52,
                                 96,
                                 104,
                                 200,
                                 16,
                                 8,
                                 416,
                                 24,
                                 88,
                                 168,
                                 32,
                                 24,
                                 16,
                                 40,
                                 24,
                                 16,
                                 48,
                                 32,
                                 40,
                                 24,
                                 16,
                                 32,
                                 16,
                                 24,
                                 40,
                                 16,
                                 32,
                                 64,
                                 32,
                                 16,
                                 40,
                                 240,
                                 200};
  words.resize(200);
  return words;
}

bool Read(const std::vector<uint64_t>& runtime, uint32_t version, PythonLayout* layout) {
  return LayoutOfPython(version, runtime.data(), runtime.size() * sizeof(uint64_t), layout);
}

TEST(PythonLayoutTest, KnowsEveryVersionFrom38To312ByItsNumber) {
  PythonLayout layout;
  for (const uint32_t version : {0x030800f0u, 0x030912f0u, 0x030a0df0u}) {
    ASSERT_TRUE(LayoutOfPython(version, nullptr, 0, &layout));
    EXPECT_EQ(layout.border, PythonLayout::Border::kEveryFrame);
    EXPECT_EQ(layout.code.instructions, PythonLayout::kAbsent);
  }
  ASSERT_TRUE(LayoutOfPython(0x030b02f0, nullptr, 0, &layout));
  EXPECT_EQ(layout.border, PythonLayout::Border::kEntryFlag);
  EXPECT_EQ(layout.frame.is_entry, 68u);
  ASSERT_TRUE(LayoutOfPython(0x030c01f0, nullptr, 0, &layout));
  EXPECT_EQ(layout.border, PythonLayout::Border::kShim);
  EXPECT_EQ(layout.object.ascii_data, 40u);
}

TEST(PythonLayoutTest, ReadsWhat313SaysOfItself) {
  PythonLayout layout;
  ASSERT_TRUE(Read(Runtime313(), kPython313, &layout));
  EXPECT_FALSE(layout.free_threaded);
  EXPECT_EQ(layout.thread.current_frame, 72u);
  EXPECT_EQ(layout.thread.thread_id, 152u);
  EXPECT_EQ(layout.frame.previous, 8u);
  EXPECT_EQ(layout.frame.code, 0u);
  EXPECT_EQ(layout.frame.instruction, 56u);
  EXPECT_EQ(layout.frame.owner, 70u);
  EXPECT_EQ(layout.code.filename, 112u);
  EXPECT_EQ(layout.code.name, 128u);
  EXPECT_EQ(layout.code.lines, 136u);
  EXPECT_EQ(layout.code.first_line, 68u);
  EXPECT_EQ(layout.code.instructions, 200u);
  EXPECT_EQ(layout.object.type, 8u);
  EXPECT_EQ(layout.object.bytes_data, 32u);
  EXPECT_EQ(layout.object.text_length, 16u);
  EXPECT_EQ(layout.object.text_state, 32u);
  EXPECT_EQ(layout.object.ascii_data, 40u);
  EXPECT_EQ(layout.object.text_data, 56u);
}

// 3.14 put words in between: two of the interpreter and one of threads before the thread's, two
// into the frame's, one into the code's, and a set between list and dict.
TEST(PythonLayoutTest, ReadsWhat314SaysOfItself) {
  std::vector<uint64_t> runtime = Runtime313();
  runtime[1] = 0x030e00f0;
  const auto insert = [&](size_t at, size_t count) {
    runtime.insert(runtime.begin() + static_cast<ptrdiff_t>(at), count, 8);
  };
  insert(56, 4);
  insert(44, 1);
  insert(34, 2);
  insert(19, 2);
  insert(10, 1);
  PythonLayout layout, expected;
  ASSERT_TRUE(Read(Runtime313(), kPython313, &expected));
  ASSERT_TRUE(Read(runtime, 0x030e00f0, &layout));
  EXPECT_EQ(layout.object.text_kind_shift, 16u);
  expected.object.text_kind_shift = 16;
  const auto offsets = [](const PythonLayout& of) {
    const auto* begin = reinterpret_cast<const uint32_t*>(&of.thread);
    return std::vector<uint32_t>(begin, reinterpret_cast<const uint32_t*>(&of + 1));
  };
  EXPECT_EQ(offsets(layout), offsets(expected));
}

TEST(PythonLayoutTest, FreeThreadedTextsKeepTheirStateElsewhere) {
  std::vector<uint64_t> runtime = Runtime313();
  runtime[2] = 1;
  PythonLayout layout;
  ASSERT_TRUE(Read(runtime, kPython313, &layout));
  EXPECT_TRUE(layout.free_threaded);
  EXPECT_EQ(layout.object.text_kind_shift, 8u);
}

TEST(PythonLayoutTest, OtherVersionsHaveNone) {
  PythonLayout layout;
  for (const uint32_t version : {0u, 0x02071200u, 0x030712f0u, 0x030f00f0u, 0x040000f0u}) {
    EXPECT_FALSE(Read(Runtime313(), version, &layout)) << std::hex << version;
  }
}

TEST(PythonLayoutTest, RuntimeThatIsNotWhatItShouldBeIsRefused) {
  PythonLayout layout;
  EXPECT_FALSE(LayoutOfPython(kPython313, nullptr, 0, &layout));
  std::vector<uint64_t> runtime = Runtime313();
  EXPECT_FALSE(LayoutOfPython(kPython313, runtime.data(), 100, &layout));
  runtime[0] ^= 1;
  EXPECT_FALSE(Read(runtime, kPython313, &layout)) << "the cookie";
  runtime = Runtime313();
  runtime[1] = 0x030e00f0;
  EXPECT_FALSE(Read(runtime, kPython313, &layout)) << "another version's";
  runtime = Runtime313();
  runtime.insert(runtime.begin() + 20, 8);
  EXPECT_FALSE(Read(runtime, kPython313, &layout)) << "a field has moved";
  runtime = Runtime313();
  runtime[23] = uint64_t{1} << 40;
  EXPECT_FALSE(Read(runtime, kPython313, &layout)) << "beyond any struct";
}

}  // namespace
}  // namespace heapcrest
