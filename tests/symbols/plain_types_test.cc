#include "viewer/symbols/plain_types.h"

#include <gtest/gtest.h>

#include <string>

namespace heapcrest {
namespace {

TEST(PlainTypesTest, StringsHaveTheirOwnName) {
  EXPECT_EQ(WithPlainTypes("Read(std::__cxx11::basic_string<char, std::char_traits<char>, "
                           "std::allocator<char> > const&)"),
            "Read(std::string const&)");
  EXPECT_EQ(WithPlainTypes("f(std::basic_string_view<wchar_t, std::char_traits<wchar_t> >)"),
            "f(std::wstring_view)");
  EXPECT_EQ(WithPlainTypes("std::__cxx11::basic_string<char, std::char_traits<char>, "
                           "std::allocator<char> >::_M_create(unsigned long&, unsigned long)"),
            "std::string::_M_create(unsigned long&, unsigned long)");
  EXPECT_EQ(WithPlainTypes("std::basic_ostream<char, std::char_traits<char> >& operator<< "
                           "<char>(std::basic_ostream<char, std::char_traits<char> >&)"),
            "std::ostream& operator<< <char>(std::ostream&)");
}

TEST(PlainTypesTest, ContainersLoseTheirDefaults) {
  EXPECT_EQ(WithPlainTypes("Append(std::vector<Integer*, std::allocator<Integer*> >*, Integer*)"),
            "Append(std::vector<Integer*>*, Integer*)");
  EXPECT_EQ(
      WithPlainTypes("std::map<int, std::vector<long, std::allocator<long> >, std::less<int>, "
                     "std::allocator<std::pair<int const, std::vector<long, "
                     "std::allocator<long> > > > >::operator[](int const&)"),
      "std::map<int, std::vector<long> >::operator[](int const&)");
  EXPECT_EQ(WithPlainTypes("std::unordered_map<int, int, std::hash<int>, std::equal_to<int>, "
                           "std::allocator<std::pair<int const, int> > >::~unordered_map()"),
            "std::unordered_map<int, int>::~unordered_map()");
  EXPECT_EQ(WithPlainTypes("std::unique_ptr<A<B>, std::default_delete<A<B> > >::reset(A<B>*)"),
            "std::unique_ptr<A<B> >::reset(A<B>*)");
  EXPECT_EQ(WithPlainTypes("Array<double, std::allocator<double> >::clear(dim_vector const&)"),
            "Array<double>::clear(dim_vector const&)");
  EXPECT_EQ(WithPlainTypes("std::__1::vector<int, std::__1::allocator<int> >::push_back(int&&)"),
            "std::vector<int>::push_back(int&&)");
}

TEST(PlainTypesTest, WhatIsNoDefaultStays) {
  for (const char* name :
       {"std::vector<int, Pool<int> >::push_back(int const&)",
        "std::set<int, std::greater<int> >::insert(int const&)",
        "std::map<int, int, std::less<void> >", "Pool<int, std::hash<int> >::take()",
        "std::pair<int, std::hash<int> >::pair()", "std::tuple<int, std::allocator<int> >",
        "std::allocator<int>::allocate(unsigned long)",
        "std::allocator_traits<std::allocator<int> >::allocate(std::allocator<int>&)",
        "f(int, std::allocator<int>)", "<std::vec::Vec<T> as core::clone::Clone>::clone",
        "std::vector<int, std::allocator<int>::rebind>", "basic_string<char>"}) {
    EXPECT_EQ(WithPlainTypes(name), name);
  }
}

TEST(PlainTypesTest, OperatorsAreNoBrackets) {
  for (const char* name :
       {"std::operator<(std::thread::id, std::thread::id)", "std::operator>> <char>(std::A<char>&)",
        "std::strong_ordering operator<=><int>(int)", "std::A::operator()(int) const",
        "std::A<int>::operator->() const", "std::cooperator<int>"}) {
    EXPECT_EQ(WithPlainTypes(name), name);
  }
  EXPECT_EQ(
      WithPlainTypes("bool std::operator< <int>(std::list<int, std::allocator<int> > const&)"),
      "bool std::operator< <int>(std::list<int> const&)");
}

TEST(PlainTypesTest, WhatIsNoNameStays) {
  for (const char* name : {"", "std::", "std::vector<int, std::allocator<int>", "std::f)",
                           "std::f((1<2)>", ">std::<", "std::A<(1<<3), std::allocator<int> >"}) {
    EXPECT_EQ(WithPlainTypes(name), name);
  }
}

TEST(PlainTypesTest, LongAndDeepNamesTakeLinearTime) {
  std::string deep;
  for (int i = 0; i < 4000; ++i) deep += "std::vector<std::allocator<";
  EXPECT_EQ(WithPlainTypes(deep), deep);
  std::string closed = "int";
  for (int i = 0; i < 300; ++i) {
    closed.insert(0, "std::vector<");
    closed += ", std::allocator<int> >";
  }
  const std::string plain = WithPlainTypes(closed);
  EXPECT_EQ(plain.find("allocator"), plain.npos);
  EXPECT_EQ(plain.size(), 300 * std::string("std::vector<>").size() + 3 + 299);
}

}  // namespace
}  // namespace heapcrest
