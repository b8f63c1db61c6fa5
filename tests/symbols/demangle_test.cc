#include "viewer/symbols/demangle.h"

#include <gtest/gtest.h>

#include <random>

namespace heapcrest {
namespace {

TEST(DemangleTest, CppNamesHaveScopesAndParameters) {
  EXPECT_EQ(Demangle("_ZN6shapes5PlainEi"), "shapes::Plain(int)");
  EXPECT_EQ(Demangle("_ZNKSt6vectorIiSaIiEE4sizeEv"),
            "std::vector<int, std::allocator<int> >::size() const");
  EXPECT_EQ(Demangle("_Znwm"), "operator new(unsigned long)");
}

TEST(DemangleTest, RustNamesLoseTheirHash) {
  EXPECT_EQ(Demangle("_ZN4core3fmt5Write9write_fmt17h0123456789abcdefE"),
            "core::fmt::Write::write_fmt");
  EXPECT_EQ(Demangle("_RNvNtCs1234_7mycrate3foo3bar"), "mycrate::foo::bar");
}

TEST(DemangleTest, DNamesAreRead) {
  EXPECT_EQ(Demangle("_D3std5stdio4File5closeMFNeZv"), "std.stdio.File.close()");
}

TEST(DemangleTest, NativeLispIsRead) {
  EXPECT_EQ(Demangle("F6c6f61642d66696c65_load_file_0"), "load-file");
  EXPECT_EQ(Demangle("F636172_car_12"), "car");
  for (const char* name :
       {"F_f_0", "Fbeef_x_1", "F6c6_odd_0", "F6c_l", "F6c_l_x", "F0a0b_x_1", "F6c"}) {
    EXPECT_EQ(Demangle(name), name);
  }
}

TEST(DemangleTest, OtherNamesStay) {
  for (const char* name :
       {"malloc", "_start", "_DYNAMIC", "main.main", "nested.0", "_Z", "_R", ""}) {
    EXPECT_EQ(Demangle(name), name);
  }
}

TEST(DemangleTest, SymbolVersionsAreCut) {
  EXPECT_EQ(Demangle("pthread_create@@GLIBC_2.34"), "pthread_create");
  EXPECT_EQ(Demangle("memcpy@GLIBC_2.2.5"), "memcpy");
  EXPECT_EQ(Demangle("@odd"), "@odd");
}

TEST(DemangleTest, MarksOfCopiesAreCut) {
  EXPECT_EQ(Demangle("_Z3foov.isra.0"), "foo()");
  EXPECT_EQ(Demangle("_Z3foov.part.0.constprop.1"), "foo()");
  EXPECT_EQ(Demangle("_Z3foov.cold"), "foo()");
  EXPECT_EQ(Demangle("_Z3foov.123"), "foo()");
  EXPECT_EQ(Demangle("_ZN4core3fmt5write17h0123456789abcdefE.llvm.42"), "core::fmt::write");
  EXPECT_EQ(Demangle("sort_pass.constprop.0.cold"), "sort_pass");
  EXPECT_EQ(Demangle(".cold"), ".cold");
}

// libiberty's own limit is about 1,000 bytes; templates are longer.
TEST(DemangleTest, NameOfAFewThousandBytesIsDemangled) {
  std::string mangled = "_Z1f";
  std::string expected = "f(";
  for (int i = 0; i < 500; ++i) {
    mangled += "PA" + std::to_string(i + 1) + "_";
  }
  mangled += "i";
  ASSERT_GT(mangled.size(), 2000u);
  EXPECT_EQ(Demangle(mangled).substr(0, 6), "f(int ");
}

// Each pair of substitutions doubles what was before it: 190 bytes for megabytes.
TEST(DemangleTest, NameThatWouldFillTheMemoryStaysAsItIs) {
  std::string mangled = "_Z1f1AIiiE";
  for (const char c : std::string("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")) {
    mangled += std::string("S_IS") + c + "_S" + c + "_E";
  }
  EXPECT_EQ(Demangle(mangled), mangled);
}

TEST(DemangleTest, DeepNamesDoNotExhaustTheStack) {
  for (const std::string unit :
       {"P", "X",    "F",   "1AI",  "N1AI", "Dp",  "XadL", "XcvP", "T_",   "Z1f",
        "J", "XnxX", "DTX", "XilX", "M1A",  "KVP", "UlP",  "Xfl",  "XspX", "A_"}) {
    for (const std::string start : {"_Z1f", "_Z", "_ZN", "_R", "_RI", "_RNv", "_D1f"}) {
      std::string mangled = start;
      while (mangled.size() + unit.size() <= kMaxMangledBytes) mangled += unit;
      EXPECT_LE(Demangle(mangled).size(), kMaxNameBytes);
    }
  }
}

TEST(DemangleTest, RustBackReferencesAreBounded) {
  std::string mangled = "_RIC1f";
  for (int i = 0; i < 60; ++i) mangled += "TB5_B5_E";
  EXPECT_LE(Demangle(mangled + "E").size(), kMaxNameBytes);
}

TEST(DemangleTest, DBackReferencesAreBounded) {
  std::string mangled = "_D1fFHii";
  for (int i = 0; i < 60; ++i) mangled += "HQfQh";
  EXPECT_EQ(Demangle(mangled), mangled);
}

TEST(DemangleTest, EndlessNameIsCut) {
  EXPECT_EQ(Demangle(std::string(10'000'000, 'x')).size(), kMaxNameBytes);
  EXPECT_EQ(Demangle("_Z" + std::string(10'000'000, 'P')).size(), kMaxNameBytes);
}

TEST(DemangleTest, AnyBytesAreSurvived) {
  std::mt19937 random(1);
  const std::string alphabet = "_ZRDNIEKSTPXLJQB0123456789abcfilmnostvwy.@\xff\x01";
  for (int i = 0; i < 50'000; ++i) {
    std::string name = i % 3 == 0 ? "_R" : i % 3 == 1 ? "_Z" : "_D";
    for (size_t length = random() % 60; length > 0; --length) {
      name += alphabet[random() % alphabet.size()];
    }
    EXPECT_LE(Demangle(name).size(), kMaxNameBytes);
  }
  EXPECT_EQ(Demangle(std::string_view("a\0b", 3)), std::string("a\0b", 3));
}

}  // namespace
}  // namespace heapcrest
