#include "viewer/symbolizer.h"

#include <gtest/gtest.h>
#include <link.h>
#include <search.h>

#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "profiler/format/record.h"
#include "tests/symbols/fixture/library.h"
#include "viewer/object_types.h"
#include "viewer/symbols/elf_file.h"

namespace heapcrest {
namespace {

std::string FunctionOf(const Recording& recording, const Location& location, uint32_t frame = 0) {
  return std::string(recording.strings[recording.frames[location.first_frame + frame].function]);
}

std::vector<std::string> Functions(const Recording& recording, size_t process = 0) {
  std::vector<std::string> functions;
  for (const Location& location : recording.processes[process].locations) {
    functions.push_back(FunctionOf(recording, location, location.frame_count - 1));
  }
  return functions;
}

// What the places of a library are called when nothing but addresses is left.
std::vector<std::string> Offsets(const FixtureLibrary& library) {
  std::vector<std::string> offsets;
  for (const KnownPlace& place : library.places()) {
    offsets.push_back(
        absl::StrCat("libplaces.so+0x", absl::Hex(place.address - library.mapping().bias)));
  }
  return offsets;
}

class SymbolizerTest : public testing::Test {
 protected:
  SymbolizerTest() { library_.Load(); }
  FixtureLibrary library_;
};

TEST_F(SymbolizerTest, EveryPlaceHasItsFunctionLineAndModule) {
  Recording recording = library_.Record();
  Symbolize(&recording);
  const std::vector<Location>& locations = recording.processes[0].locations;
  for (size_t i = 0; i < locations.size(); ++i) {
    ASSERT_GE(locations[i].frame_count, 1u);
    const Frame& frame = recording.frames[locations[i].first_frame];
    EXPECT_EQ(frame.line, library_.places()[i].line);
    EXPECT_EQ(recording.strings[frame.module], library_.path());
  }
  EXPECT_EQ(FunctionOf(recording, locations[0]), "shapes::Plain(Place*)");
}

TEST_F(SymbolizerTest, RemovedLibraryFallsBackToOffsets) {
  Recording recording = library_.Record();
  std::filesystem::remove(library_.path());
  Symbolize(&recording);
  EXPECT_EQ(Functions(recording), Offsets(library_));
}

TEST_F(SymbolizerTest, ReplacedLibraryFallsBackToOffsetsAndSaysSo) {
  Recording recording = library_.Record();
  recording.processes[0].mappings[0].build_id[0] ^= 1;
  Symbolize(&recording);
  EXPECT_EQ(Functions(recording), Offsets(library_));
  EXPECT_EQ(recording.warnings,
            std::vector{library_.path() +
                        " was replaced since the run: its functions are shown as addresses"});
}

TEST_F(SymbolizerTest, TruncatedLibraryFallsBackToOffsets) {
  Recording recording = library_.Record();
  std::filesystem::resize_file(library_.path(), 100);
  Symbolize(&recording);
  EXPECT_EQ(Functions(recording), Offsets(library_));
}

TEST_F(SymbolizerTest, DeletedMarkIsNoPartOfTheName) {
  Recording recording = library_.Record();
  recording.processes[0].mappings[0].path += " (deleted)";
  Symbolize(&recording);
  EXPECT_EQ(FunctionOf(recording, recording.processes[0].locations[0]), "shapes::Plain(Place*)")
      << "same build id: the same file under its old name";

  recording = library_.Record();
  recording.processes[0].mappings[0].path += " (deleted)";
  recording.processes[0].mappings[0].build_id.clear();
  Symbolize(&recording);
  EXPECT_EQ(Functions(recording), Offsets(library_));
}

TEST_F(SymbolizerTest, LibraryBuiltWithoutBuildIdIsSymbolized) {
  FixtureLibrary library(PLACES_LIBRARY_WITHOUT_ID);
  library.Load();
  Recording recording = library.Record();
  Symbolize(&recording);
  EXPECT_EQ(FunctionOf(recording, recording.processes[0].locations[0]), "shapes::Plain(Place*)");
}

TEST_F(SymbolizerTest, AddressInNoMappingIsShownBare) {
  Recording recording = library_.Record();
  recording.processes[0].locations = {{0, 0x7f1234567890, 0, 0}, {0, 0, 0, 0}, {0, 1, 0, 0}};
  Symbolize(&recording);
  EXPECT_EQ(Functions(recording), (std::vector<std::string>{"0x7f1234567890", "0x0", "0x1"}));
}

TEST_F(SymbolizerTest, KernelsOwnLibraryIsShownByOffset) {
  Recording recording;
  Process& process = recording.processes.emplace_back();
  process.mappings = {{0, 0x7000, 0x9000, 0x7000, "linux-vdso.so.1", "id"},
                      {0, 0xa000, 0xb000, 0xa000, "[vdso]", ""}};
  process.locations = {{0, 0x7a10, 0, 0}, {0, 0xa020, 0, 0}};
  Symbolize(&recording);
  EXPECT_EQ(Functions(recording),
            (std::vector<std::string>{"linux-vdso.so.1+0xa10", "[vdso]+0x20"}));
}

TEST_F(SymbolizerTest, ExtensionModuleIsCalledWithoutItsPython) {
  Recording recording;
  Process& process = recording.processes.emplace_back();
  process.mappings = {
      {0, 0x7000, 0x9000, 0x7000, "/gone/_json.cpython-311-x86_64-linux-gnu.so", ""}};
  process.locations = {{0, 0x7a10, 0, 0}};
  Symbolize(&recording);
  EXPECT_EQ(Functions(recording), (std::vector<std::string>{"_json.so+0xa10"}));
}

TEST_F(SymbolizerTest, ReturnAddressBehindTheLastByteIsInside) {
  Recording recording;
  Process& process = recording.processes.emplace_back();
  process.mappings = {{0, 0x7000, 0x8000, 0x7000, "[a]", ""},
                      {0, 0x8000, 0x9000, 0x8000, "[b]", ""}};
  process.locations = {{0, 0x8000, 0, 0}, {0, 0x8001, 0, 0}, {0, 0x7000, 0, 0}};
  Symbolize(&recording);
  EXPECT_EQ(Functions(recording), (std::vector<std::string>{"[a]+0x1000", "[b]+0x1", "0x7000"}));
}

TEST_F(SymbolizerTest, SameAddressMeansAnotherLibraryInAnotherEpoch) {
  Recording recording;
  Process& process = recording.processes.emplace_back();
  process.mappings = {{0, 0x7000, 0x9000, 0x7000, "[first]", ""},
                      {1, 0x6000, 0x9000, 0x6000, "[second]", ""}};
  process.locations = {{0, 0x7010, 0, 0}, {1, 0x7010, 0, 0}, {2, 0x7010, 0, 0}};
  Symbolize(&recording);
  EXPECT_EQ(Functions(recording),
            (std::vector<std::string>{"[first]+0x10", "[second]+0x1010", "0x7010"}));
}

TEST_F(SymbolizerTest, ProcessesShareFrames) {
  Recording recording = library_.Record();
  Symbolize(&recording);
  const size_t frames_of_one = recording.frames.size();

  recording = library_.Record();
  for (uint64_t i = 1; i <= 50; ++i) {
    Process process = recording.processes[0];
    for (Location& location : process.locations) location.address += i << 32;
    for (Mapping& mapping : process.mappings) {
      mapping.start += i << 32;
      mapping.end += i << 32;
      mapping.bias += i << 32;
    }
    recording.processes.push_back(process);
  }
  Symbolize(&recording);
  EXPECT_EQ(recording.frames.size(), frames_of_one);
  EXPECT_EQ(Functions(recording, 50), Functions(recording, 0));
}

TEST_F(SymbolizerTest, FramesThatAreThereAlreadyStay) {
  Recording recording = library_.Record();
  recording.frames.push_back({recording.strings.Intern("kept"), 0, 0, 0});
  Symbolize(&recording);
  EXPECT_EQ(recording.strings[recording.frames[0].function], "kept");
  EXPECT_EQ(FunctionOf(recording, recording.processes[0].locations[0]), "shapes::Plain(Place*)");
}

TEST_F(SymbolizerTest, NothingToDoIsDone) {
  Recording recording;
  Symbolize(&recording);
  recording.processes.emplace_back();
  Symbolize(&recording);
  EXPECT_TRUE(recording.frames.empty());
}

TEST_F(SymbolizerTest, TypesOfObjectsHaveTheirNames) {
  Recording recording = library_.Record();
  Process& process = recording.processes[0];
  const size_t places = process.locations.size();
  process.python_types = {{7, "int"}, {7, "ignored"}};
  process.locations.push_back({0, kPythonTypeBit | 7, 0, 0});
  process.locations.push_back({0, kPythonTypeBit | 8, 0, 0});
  Symbolize(&recording);
  const std::vector<std::string> functions = Functions(recording);
  EXPECT_EQ(functions[places], "int");
  EXPECT_EQ(functions[places + 1], "[unknown]");
  const Location& location = recording.processes[0].locations[places];
  EXPECT_TRUE(IsTypeFrame(recording, location.first_frame));
  EXPECT_FALSE(IsTypeFrame(recording, recording.processes[0].locations[0].first_frame));
}

TEST_F(SymbolizerTest, SystemLibraryIsNamed) {
  Recording recording;
  Process& process = recording.processes.emplace_back();
  const auto address = reinterpret_cast<uint64_t>(&lfind);  // no sanitizer replaces it
  dl_iterate_phdr(
      [](dl_phdr_info* info, size_t, void* opaque) {
        const std::string path = info->dlpi_name;
        if (path.find("/libc.so") == std::string::npos) return 0;
        auto* mappings = static_cast<std::vector<Mapping>*>(opaque);
        mappings->push_back({0, info->dlpi_addr, info->dlpi_addr + (4 << 20), info->dlpi_addr, path,
                             BuildIdOf(path).value()});
        return 1;
      },
      &process.mappings);
  process.locations = {{0, address + 8, 0, 0}};
  Symbolize(&recording);
  const std::string function = Functions(recording).at(0);
  EXPECT_NE(function.find("lfind"), std::string::npos) << function;
}

}  // namespace
}  // namespace heapcrest
