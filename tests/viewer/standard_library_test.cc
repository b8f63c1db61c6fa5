#include "viewer/standard_library.h"

#include <gtest/gtest.h>

namespace heapcrest {
namespace {

TEST(StandardLibraryTest, ReturnTypesOfTemplatesAreCut) {
  EXPECT_EQ(WithoutReturnType("void std::sort<int*>(int*, int*)"), "std::sort<int*>(int*, int*)");
  EXPECT_EQ(WithoutReturnType("std::map<int, char>& Get<int, char>()"), "Get<int, char>()");
  EXPECT_EQ(WithoutReturnType("main"), "main");
  EXPECT_EQ(WithoutReturnType("operator new(unsigned long)"), "operator new(unsigned long)");
  EXPECT_EQ(WithoutReturnType("(anonymous namespace)::Run(int)"),
            "(anonymous namespace)::Run(int)");
  EXPECT_EQ(WithoutReturnType(""), "");
}

TEST(StandardLibraryTest, ParametersAndQualifiersAreCut) {
  EXPECT_EQ(WithoutParameters("ns::F<int(char)>::f(int (*)(char)) const"), "ns::F<int(char)>::f");
  EXPECT_EQ(WithoutParameters("(anonymous namespace)::f(int)"), "(anonymous namespace)::f");
  EXPECT_EQ(WithoutParameters("f()::{lambda(int)#1}::operator()(int) const &"),
            "f()::{lambda(int)#1}::operator()");
  for (const char* name : {"main", "f[abi:cxx11]", "(x)", ")", "", "a))"}) {
    EXPECT_EQ(WithoutParameters(name), name);
  }
}

TEST(StandardLibraryTest, MethodNameIsTheLastPart) {
  EXPECT_EQ(
      MethodName("std::allocator_traits<std::allocator<int> >::allocate(std::allocator<int>&, "
                 "unsigned long)"),
      "allocate");
  EXPECT_EQ(MethodName("void ns::F<int>::g<a::b>(int)"), "g");
  EXPECT_EQ(MethodName("main"), "main");
  EXPECT_EQ(MethodName("f<"), "f");
}

TEST(StandardLibraryTest, KnowsLibrariesByNameSourceAndModule) {
  const char* const app = "/bin/app";
  EXPECT_TRUE(IsStandardLibraryFrame("std::vector<int>::push_back(int const&)", "", app));
  EXPECT_TRUE(IsStandardLibraryFrame("void std::vector<int>::emplace_back<int>(int&&)", "", app));
  EXPECT_TRUE(IsStandardLibraryFrame("alloc::vec::Vec<T,A>::push", "", app));
  EXPECT_TRUE(
      IsStandardLibraryFrame("<alloc::string::String as core::clone::Clone>::clone", "", app));
  EXPECT_TRUE(IsStandardLibraryFrame("f()", "/usr/include/c++/12/bits/stl_map.h", app));
  EXPECT_TRUE(IsStandardLibraryFrame("f", "/rustc/abc/library/alloc/src/vec/mod.rs", app));
  EXPECT_TRUE(IsStandardLibraryFrame("f", "/rust/deps/hashbrown-0.15.0/src/raw/mod.rs",
                                     app));  // what std itself is built of
  EXPECT_TRUE(IsStandardLibraryFrame("strdup", "", "/lib/x86_64-linux-gnu/libc.so.6"));
  EXPECT_TRUE(IsStandardLibraryFrame("_Unwind_Backtrace", "", "/usr/lib/libgcc_s.so.1"));
  EXPECT_TRUE(IsStandardLibraryFrame("call_init", "", "/lib64/ld-linux-x86-64.so.2"));
  EXPECT_TRUE(IsStandardLibraryFrame("loads", "/usr/lib/python3.11/json/__init__.py",
                                     "/usr/lib/python3.11"));
  EXPECT_TRUE(IsStandardLibraryFrame("_find_and_load", "<frozen importlib._bootstrap>", ""));
  EXPECT_FALSE(
      IsStandardLibraryFrame("run", "/srv/venv/lib/python3.11/site-packages/flask/app.py", ""));
  EXPECT_FALSE(IsStandardLibraryFrame("<module>", "/usr/lib/python3/dist-packages/six.py", ""));
  EXPECT_FALSE(IsStandardLibraryFrame("main", "/home/me/main.cc", app));
  EXPECT_FALSE(IsStandardLibraryFrame("mystd::f()", "/home/me/main.cc", app));
  EXPECT_FALSE(IsStandardLibraryFrame("g(std::vector<int>)", "/home/me/main.cc", app));
  EXPECT_FALSE(IsStandardLibraryFrame("std", "", app));
}

}  // namespace
}  // namespace heapcrest
