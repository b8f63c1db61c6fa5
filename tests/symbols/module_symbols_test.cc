#include "viewer/symbols/module_symbols.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/symbols/fixture/library.h"

namespace heapcrest {
namespace {

// "function places.cc:line", one for each frame, innermost first.
std::string Text(const SourceFrames& frames) {
  std::string text;
  for (const SourceFrame& frame : frames) {
    if (!text.empty()) text += " < ";
    text += frame.function;
    if (!frame.file.empty())
      absl::StrAppend(&text, " ", std::filesystem::path(frame.file).filename().string());
    if (frame.line != 0) absl::StrAppend(&text, ":", frame.line);
  }
  return text;
}

class ModuleSymbolsTest : public testing::Test {
 protected:
  ModuleSymbolsTest() { library_.Load(); }

  SourceFrames Find(const std::string& label) {
    ModuleSymbols symbols =
        ModuleSymbols::Open(library_.path(), library_.mapping().build_id, "/nowhere").value();
    return symbols.Find(library_.FileAddress(library_.PlaceOf(label)));
  }

  FixtureLibrary library_;
};

TEST_F(ModuleSymbolsTest, FunctionHasItsLine) {
  EXPECT_EQ(Text(Find("plain")),
            absl::StrCat("shapes::Plain(Place*) places.cc:", library_.PlaceOf("plain").line));
}

TEST_F(ModuleSymbolsTest, PathsAreAbsoluteAndNormal) {
  const std::string file = Find("plain").at(0).file;
  EXPECT_EQ(file, std::filesystem::canonical(PLACES_SOURCE).string());
}

TEST_F(ModuleSymbolsTest, InlinedFunctionsAreFramesOfTheirOwn) {
  const KnownPlace place = library_.PlaceOf("inlined");
  const SourceFrames frames = Find("inlined");
  ASSERT_EQ(frames.size(), 3u) << Text(frames);
  EXPECT_EQ(frames[0].function, "shapes::Inner(Place*, int)");
  EXPECT_EQ(frames[0].line, place.line);
  EXPECT_EQ(frames[1].function, "shapes::Middle(Place*)");
  EXPECT_EQ(frames[1].line, place.caller_line);
  EXPECT_EQ(frames[2].function, "shapes::Outer(Place*)");
  EXPECT_EQ(frames[2].line, place.caller_line + 3);
}

TEST_F(ModuleSymbolsTest, TemplatesHaveTheirArguments) {
  EXPECT_EQ(Find("template").at(0).function, "shapes::Box<int>::Fill(Place*, int)");
}

TEST_F(ModuleSymbolsTest, FunctionInAnonymousNamespaceHasItsParameters) {
  EXPECT_EQ(Find("hidden").at(0).function, "(anonymous namespace)::Hidden(Place*, int)");
}

TEST_F(ModuleSymbolsTest, LambdaIsFoundInsideItsFunction) {
  const SourceFrames frames = Find("lambda");
  ASSERT_FALSE(frames.empty());
  EXPECT_NE(frames[0].function.find("HoldsLambda"), std::string::npos) << Text(frames);
  EXPECT_NE(frames[0].function.find("operator()"), std::string::npos) << Text(frames);
  EXPECT_EQ(frames[0].line, library_.PlaceOf("lambda").line);
}

// GCC gives it no linkage name, clang does; the name is there either way.
TEST_F(ModuleSymbolsTest, InlinedStaticFunctionHasAName) {
  const SourceFrames frames = Find("static inlined");
  ASSERT_EQ(frames.size(), 2u) << Text(frames);
  EXPECT_EQ(frames[0].function.substr(0, 14), "WithoutLinkage");
  EXPECT_EQ(frames[1].function, "HoldsStatic(Place*)");
}

TEST_F(ModuleSymbolsTest, CFunctionHasNoParameters) {
  EXPECT_EQ(Find("c").at(0).function, "plain_c");
}

TEST_F(ModuleSymbolsTest, StrippedOfDebugInformationNamesComeFromTheStaticTable) {
  library_.Objcopy("--strip-debug");
  EXPECT_EQ(Text(Find("inlined")), "shapes::Outer(Place*)");
  EXPECT_EQ(Text(Find("hidden")), "(anonymous namespace)::Hidden(Place*, int)");
}

TEST_F(ModuleSymbolsTest, StrippedOfAllNamesComeFromTheDynamicTable) {
  library_.Objcopy("--strip-all");
  EXPECT_EQ(Text(Find("inlined")), "shapes::Outer(Place*)");
  EXPECT_EQ(Text(Find("hidden")), "");
}

TEST_F(ModuleSymbolsTest, SeparateDebugFileGivesLinesBack) {
  const std::string full = Text(Find("inlined"));
  const std::string debug = (library_.folder() / "places.debug").string();
  OutputOf(absl::StrCat(OBJCOPY, " --only-keep-debug ", library_.path(), " ", debug));
  library_.Objcopy("--strip-all --add-gnu-debuglink=" + debug);
  EXPECT_EQ(Text(Find("inlined")), full);
  EXPECT_EQ(Find("hidden").at(0).function, "(anonymous namespace)::Hidden(Place*, int)");
}

TEST_F(ModuleSymbolsTest, CompressedDebugInformationIsRead) {
  const std::string full = Text(Find("inlined"));
  library_.Objcopy("--compress-debug-sections=zlib");
  EXPECT_EQ(Text(Find("inlined")), full);
}

TEST_F(ModuleSymbolsTest, MissingSharedDebugFileIsNoHarm) {
  const std::string link = (library_.folder() / "link").string();
  OutputOf("printf 'missing.debug\\0aaaaaaaaaaaaaaaaaaaa' > " + link);
  library_.Objcopy("--add-section .gnu_debugaltlink=" + link);
  EXPECT_EQ(Find("plain").at(0).function, "shapes::Plain(Place*)");
}

TEST_F(ModuleSymbolsTest, ReplacedFileIsRefused) {
  std::filesystem::copy_file(PLACES_LIBRARY_WITHOUT_ID, library_.path(),
                             std::filesystem::copy_options::overwrite_existing);
  EXPECT_EQ(ModuleSymbols::Open(library_.path(), library_.mapping().build_id).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

// addr2line as the oracle. Of the names only the outermost, which both take from linkage names or
// symbol tables; it marks the copies that a compiler made, we do not.
TEST_F(ModuleSymbolsTest, AgreesWithAddr2line) {
  for (const KnownPlace& place : library_.places()) {
    const SourceFrames frames = Find(place.label);
    ASSERT_FALSE(frames.empty()) << place.label;
    const std::string output =
        OutputOf(absl::StrCat(ADDR2LINE, " -i -f -C -e ", library_.path(), " 0x",
                              absl::Hex(library_.FileAddress(place))));
    const std::vector<std::string> lines = absl::StrSplit(output, '\n', absl::SkipEmpty());
    ASSERT_GE(lines.size(), 2u);
    const auto without_notes = [](const std::string& text) {
      return text.substr(0, std::min(text.find(" [clone"), text.find(" (discriminator")));
    };
    EXPECT_EQ(absl::StrCat(frames.front().file, ":", frames.front().line), without_notes(lines[1]));
    EXPECT_EQ(frames.back().function, without_notes(lines[lines.size() - 2]));
  }
}

}  // namespace
}  // namespace heapcrest
