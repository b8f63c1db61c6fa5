#include "profiler/python/frames.h"

#include <gtest/gtest.h>

#include <cstring>
#include <deque>
#include <string>
#include <vector>

#include "profiler/python/code_table.h"
#include "profiler/python/memory.h"
#include "profiler/python/text.h"

namespace heapcrest {
namespace {

// An interpreter's objects, made by hand at the offsets of a version.
class PythonFramesTest : public testing::Test {
 protected:
  struct Object {
    alignas(16) uint8_t bytes[512];
  };

  uint8_t* New() {
    objects_.emplace_back();
    return objects_.back().bytes;
  }

  void Use(uint32_t version) {
    ASSERT_TRUE(LayoutOfPython(version, nullptr, 0, &python_.layout));
    python_.code_type = New();
    python_.text_type = New();
    python_.bytes_type = New();
    python_.eval = {reinterpret_cast<const void*>(0x1000), 0x100};
  }

  template <typename T>
  static void Put(uint8_t* object, uint32_t offset, T value) {
    memcpy(object + offset, &value, sizeof(value));
  }

  const uint8_t* Text(const std::string& text) {
    uint8_t* object = New();
    const auto& at = python_.layout.object;
    Put(object, at.type, python_.text_type);
    Put(object, at.text_length, text.size());
    Put(object, at.text_state, 0b11001u << at.text_kind_shift);  // ASCII, compact, one byte wide
    memcpy(object + at.ascii_data, text.data(), text.size());
    return object;
  }

  uint8_t* Code(const std::string& name) {
    uint8_t* code = New();
    const auto& at = python_.layout.code;
    Put(code, 0, uint64_t{1});  // references
    Put(code, python_.layout.object.type, python_.code_type);
    Put(code, at.filename, Text("/srv/app.py"));
    Put(code, at.name, Text(name));
    Put(code, at.first_line, 7);
    return code;
  }

  // A frame that stands at its third instruction.
  uint8_t* Frame(const uint8_t* code, const uint8_t* previous) {
    uint8_t* frame = New();
    const PythonLayout& layout = python_.layout;
    Put(frame, layout.frame.code, code);
    Put(frame, layout.frame.previous, previous);
    if (layout.code.instructions == PythonLayout::kAbsent) {
      Put(frame, layout.frame.instruction, layout.lines == PythonLines::kLineTable ? 2 : 4);
    } else {
      Put(frame, layout.frame.instruction, code + layout.code.instructions + 4);
    }
    return frame;
  }

  std::string NameOf(const PythonFrame& frame) {
    char name[64];
    return {name, PutUtf8(FactsOf(python_, frame.code).name, name, sizeof(name))};
  }

  // The names of a run, all of which must stand at their third instruction.
  std::string TakeRun(PythonFrames* frames) {
    std::string names;
    for (PythonFrame frame; frames->NextInRun(&frame);) {
      EXPECT_EQ(frame.instruction, 2u);
      names += NameOf(frame) + " ";
    }
    return names;
  }

  static uintptr_t At(const uint8_t* object) { return reinterpret_cast<uintptr_t>(object); }

  PythonInterpreter python_ = {};
  std::deque<Object> objects_;  // zeroed, never moved
};

TEST_F(PythonFramesTest, ThreadWithoutFramesHasNone) {
  Use(0x030b00f0);
  EXPECT_TRUE(PythonFrames(python_, nullptr).AtEnd());
  EXPECT_TRUE(PythonFrames(python_, New()).AtEnd());
}

TEST_F(PythonFramesTest, Until39EveryFrameRunsInAnEvaluationOfItsOwn) {
  Use(0x030900f0);
  uint8_t* thread = New();
  Put(thread, python_.layout.thread.current_frame,
      Frame(Code("inner"), Frame(Code("outer"), nullptr)));
  PythonFrames frames(python_, thread);
  EXPECT_TRUE(frames.RunIn(0x1080, 0, 8));
  EXPECT_FALSE(frames.RunIn(0x1101, 0, 8)) << "behind its code";
  EXPECT_EQ(TakeRun(&frames), "inner ");
  EXPECT_EQ(TakeRun(&frames), "outer ");
  EXPECT_TRUE(frames.AtEnd());
}

TEST_F(PythonFramesTest, In311TheEntryFlagEndsARun) {
  Use(0x030b00f0);
  uint8_t* root = Frame(Code("root"), nullptr);
  uint8_t* outer = Frame(Code("outer"), root);
  uint8_t* inner = Frame(Code("inner"), outer);
  outer[python_.layout.frame.is_entry] = root[python_.layout.frame.is_entry] = 1;
  uint8_t* base = New();
  uint8_t* below = New();
  Put(below, python_.layout.c_frame.current_frame, inner);
  Put(below, python_.layout.c_frame.previous, base);
  uint8_t* thread = New();
  Put(thread, python_.layout.thread.c_frame, below);
  PythonFrames frames(python_, thread);
  EXPECT_TRUE(frames.RunIn(0, At(below) - 64, At(below) + 8));
  EXPECT_FALSE(frames.RunIn(0, At(below) + 8, At(below) + 64));
  EXPECT_EQ(TakeRun(&frames), "inner outer ");
  EXPECT_TRUE(frames.RunIn(0, At(base) - 64, At(base) + 8));
  EXPECT_EQ(TakeRun(&frames), "root ");
  EXPECT_TRUE(frames.AtEnd());
}

TEST_F(PythonFramesTest, Since312AShimOnTheCStackEndsARun) {
  Use(0x030c00f0);
  uint8_t* last_shim = Frame(New(), nullptr);
  uint8_t* shim = Frame(New(), Frame(Code("outer"), last_shim));
  last_shim[python_.layout.frame.owner] = shim[python_.layout.frame.owner] = 3;
  uint8_t* below = New();
  Put(below, python_.layout.c_frame.current_frame,
      Frame(Code("inner"), Frame(Code("middle"), shim)));
  uint8_t* thread = New();
  Put(thread, python_.layout.thread.c_frame, below);
  PythonFrames frames(python_, thread);
  EXPECT_TRUE(frames.RunIn(0, At(shim) - 64, At(shim) + 8));
  EXPECT_EQ(TakeRun(&frames), "inner middle ");
  EXPECT_TRUE(frames.RunIn(0, At(last_shim), At(last_shim) + 8));
  EXPECT_EQ(TakeRun(&frames), "outer ");
  EXPECT_TRUE(frames.AtEnd());
}

TEST_F(PythonFramesTest, FrameWithoutCodeIsPassedOver) {
  Use(0x030900f0);
  uint8_t* dying = Code("dying");
  Put(dying, 0, uint64_t{0});
  uint8_t* wild = Frame(reinterpret_cast<const uint8_t*>(0x7), nullptr);
  uint8_t* thread = New();
  Put(thread, python_.layout.thread.current_frame,
      Frame(New(), Frame(dying, Frame(Code("whole"), wild))));
  PythonFrames frames(python_, thread);
  std::string names;
  while (!frames.AtEnd()) names += TakeRun(&frames);
  EXPECT_EQ(names, "whole ");
}

TEST_F(PythonFramesTest, ChainThatLeadsIntoItselfEnds) {
  Use(0x030900f0);
  uint8_t* frame = Frame(Code("loop"), nullptr);
  Put(frame, python_.layout.frame.previous, frame);
  uint8_t* thread = New();
  Put(thread, python_.layout.thread.current_frame, frame);
  size_t count = 0;
  PythonFrames frames(python_, thread);
  while (!frames.AtEnd()) count += TakeRun(&frames).empty() ? 0 : 1;
  EXPECT_GT(count, 1000u);
  EXPECT_LT(count, 100000u);
}

TEST_F(PythonFramesTest, CodeIsNumberedByWhatItSaysNotByWhereItLies) {
  Use(0x030b00f0);
  PythonCodeTable table;
  NewPythonCode fresh = {};
  uint8_t* code = Code("f");
  const uint64_t first = table.Intern(python_, code, &fresh);
  EXPECT_EQ(table.Intern(python_, Code("f"), &fresh), first);
  EXPECT_EQ(fresh.count, 1u);
  Put(code, python_.layout.code.name, Text("g"));
  EXPECT_NE(table.Intern(python_, code, &fresh), first);
  EXPECT_EQ(fresh.count, 2u);
  Put(code, python_.layout.code.first_line, 8);
  table.Intern(python_, code, &fresh);
  EXPECT_EQ(fresh.count, 3u);
  table.Clear();
}

TEST_F(PythonFramesTest, CodeThatWasMetLatelyIsKnownAgainUntilItsTextsChange) {
  Use(0x030b00f0);
  PythonCodeTable table;
  NewPythonCode fresh = {};
  uint8_t* code = Code("f");
  const uint64_t first = table.Intern(python_, code, &fresh);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(table.Intern(python_, code, &fresh), first);
  EXPECT_EQ(fresh.count, 1u);
  // Another function's name where the first one's was.
  auto* name = const_cast<uint8_t*>(LoadPointer(code + python_.layout.code.name));
  name[python_.layout.object.ascii_data] = 'g';
  EXPECT_NE(table.Intern(python_, code, &fresh), first);
  EXPECT_EQ(fresh.count, 2u);
  table.Clear();
  table.Intern(python_, code, &fresh);
  EXPECT_EQ(fresh.count, 3u) << "to be written again";
  table.Clear();
}

TEST_F(PythonFramesTest, TextsOfEveryWidthBecomeUtf8) {
  Use(0x030c00f0);
  const auto& at = python_.layout.object;
  uint8_t* text = New();
  Put(text, at.type, python_.text_type);
  Put(text, at.text_length, size_t{3});
  const auto read = [&](uint32_t kind, const auto& characters) {
    Put(text, at.text_state, (kind | 8) << at.text_kind_shift);
    memcpy(text + at.text_data, characters, sizeof(characters));
    char utf8[16];
    return std::string(utf8, PutUtf8(TextOf(python_, text), utf8, sizeof(utf8)));
  };
  EXPECT_EQ(read(1, "a\xe9z"), "aéz");
  EXPECT_EQ(read(2, u"a\u20ac\xdcff"), "a€\xff") << "a byte of a file's name";
  EXPECT_EQ(read(4, U"a\U0001f600z"), "a😀z");
  EXPECT_EQ(read(3, "abc"), "") << "no such kind";
}

TEST_F(PythonFramesTest, TextThatIsNoneIsEmpty) {
  Use(0x030c00f0);
  EXPECT_EQ(TextOf(python_, nullptr).count, 0u);
  EXPECT_EQ(TextOf(python_, New()).count, 0u);
  EXPECT_EQ(BytesOf(python_, New()).count, 0u);
}

}  // namespace
}  // namespace heapcrest
