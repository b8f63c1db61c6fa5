#include "viewer/symbols/symbol_index.h"

#include <gtest/gtest.h>

#include "tests/symbols/fixture/library.h"
#include "viewer/symbols/demangle.h"
#include "viewer/symbols/elf_file.h"

namespace heapcrest {
namespace {

class SymbolIndexTest : public testing::Test {
 protected:
  SymbolIndexTest() { library_.Load(); }

  std::string NameAt(uint64_t address, SymbolIndex::Table table = SymbolIndex::Table::kStatic) {
    const ElfFile file = ElfFile::Open(library_.path()).value();
    return Demangle(SymbolIndex::Read(file.elf(), table).Find(address));
  }

  FixtureLibrary library_;
};

TEST_F(SymbolIndexTest, FindsTheFunctionAroundAnAddress) {
  EXPECT_EQ(NameAt(library_.FileAddress(library_.PlaceOf("plain"))), "shapes::Plain(Place*)");
}

TEST_F(SymbolIndexTest, LocalFunctionsAreInTheStaticTableOnly) {
  const uint64_t hidden = library_.FileAddress(library_.PlaceOf("hidden"));
  EXPECT_EQ(NameAt(hidden), "(anonymous namespace)::Hidden(Place*, int)");
  EXPECT_EQ(NameAt(hidden, SymbolIndex::Table::kDynamic), "");
}

TEST_F(SymbolIndexTest, StrippedLibraryHasTheDynamicTableOnly) {
  const uint64_t plain = library_.FileAddress(library_.PlaceOf("plain"));
  library_.Objcopy("--strip-all");
  EXPECT_EQ(NameAt(plain), "");
  EXPECT_EQ(NameAt(plain, SymbolIndex::Table::kDynamic), "shapes::Plain(Place*)");
}

TEST_F(SymbolIndexTest, PlainerOfTwoNamesWins) {
  EXPECT_EQ(NameAt(library_.SymbolAddress("__aliased")), "aliased");
}

TEST_F(SymbolIndexTest, UnsizedSymbolReachesToTheNext) {
  const uint64_t unsized = library_.SymbolAddress("unsized");
  EXPECT_EQ(NameAt(unsized), "unsized");
  EXPECT_EQ(NameAt(unsized + 2), "unsized");
  EXPECT_EQ(NameAt(unsized + 3), "sized");
}

TEST_F(SymbolIndexTest, CodeBehindASizedSymbolIsNobodys) {
  const uint64_t sized = library_.SymbolAddress("sized");
  EXPECT_EQ(NameAt(sized), "sized");
  EXPECT_EQ(NameAt(sized + 1), "");
  EXPECT_EQ(NameAt(sized + 2), "");
  EXPECT_EQ(NameAt(sized + 3), "after_gap");
}

TEST_F(SymbolIndexTest, DataIsNoFunction) {
  EXPECT_EQ(NameAt(0), "");
  EXPECT_EQ(NameAt(UINT64_MAX), "");
}

}  // namespace
}  // namespace heapcrest
