#include "viewer/function_name.h"

#include <gtest/gtest.h>

#include "viewer/printable.h"

namespace heapcrest {
namespace {

TEST(FunctionNameTest, WhatFitsStays) {
  EXPECT_EQ(FunctionWithin("std::vector<int>::push_back(int const&)", 60),
            "std::vector<int>::push_back(int const&)");
  EXPECT_EQ(FunctionWithin("<listcomp>", 10), "<listcomp>");
}

TEST(FunctionNameTest, ArgumentsGoBeforeTheFunctionsOwnName) {
  EXPECT_EQ(FunctionWithin("Array<double, std::allocator<double> >::clear(dim_vector const&)", 40),
            "Array<…>::clear(…)");
  EXPECT_EQ(FunctionWithin("unsigned long llvm::Vec<clang::Decl*>::grow<int>(int) const", 30),
            "llvm::Vec<…>::grow<…>(…)");
  EXPECT_EQ(FunctionWithin("void (anonymous namespace)::Pool::Fill(std::string const&, int) "
                           "[clone .cold]",
                           50),
            "(anonymous namespace)::Pool::Fill(…)");
}

TEST(FunctionNameTest, ThenOuterScopesGo) {
  EXPECT_EQ(FunctionWithin("asmjit::_abi_1_9::ZoneAllocator::_allocZeroed(unsigned long)", 30),
            "ZoneAllocator::_allocZeroed(…)");
  EXPECT_EQ(FunctionWithin("a_very_long_scope::another_long_scope::f", 10), "f");
}

TEST(FunctionNameTest, OperatorsKeepTheirSymbols) {
  EXPECT_EQ(FunctionWithin("std::ostream& operator<<<char>(std::ostream&, char const*)", 20),
            "operator<<<…>(…)");
  EXPECT_EQ(FunctionWithin("Array<double> operator*<double>(double, Array<double> const&)", 30),
            "operator*<…>(…)");
  EXPECT_EQ(FunctionWithin("Range<int>::operator()(std::vector<int> const&, bool) const", 30),
            "Range<…>::operator()(…)");
  EXPECT_EQ(FunctionWithin("Pointer<std::string>::operator->() const volatile", 30),
            "Pointer<…>::operator->()");
  EXPECT_EQ(FunctionWithin("void* Pool::operator new(unsigned long, std::nothrow_t const&)", 30),
            "Pool::operator new(…)");
  EXPECT_EQ(FunctionWithin("Less<(3 > 2), &Box::operator< >::Compare(int const&, int const&)", 30),
            "Less<…>::Compare(…)");
}

TEST(FunctionNameTest, RustsTraitsStay) {
  EXPECT_EQ(FunctionWithin("<alloc::vec::Vec<T> as core::iter::Extend<T>>::extend_from_slice", 30),
            "Extend<…>>::extend_from_slice");
}

TEST(FunctionNameTest, NeverLongerAndNeverNothing) {
  for (const std::string_view name :
       {"f(((((((((((((", "a<b<c<d<e", "operator", "operator<", ">>>>::::<<<<", "::::::::::::::",
        "x::<>::()", "\xff\xfe::broken<\xff>", "(anonymous namespace)", "a (b) (c) (d)"}) {
    for (size_t most = 1; most < 20; ++most) {
      const std::string shown = FunctionWithin(name, most);
      EXPECT_LE(CharacterCount(shown), most) << name;
      EXPECT_FALSE(shown.empty()) << name << " in " << most;
    }
  }
  const std::string deep(100'000, '<');
  EXPECT_LE(CharacterCount(FunctionWithin(deep, 60)), 60u);
}

}  // namespace
}  // namespace heapcrest
