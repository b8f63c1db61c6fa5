#include "viewer/page/squeeze.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace heapcrest {
namespace {

TEST(SqueezeTest, SpacesGoWhereNoWordsMeet) {
  EXPECT_EQ(SqueezedScript("const a = b ? c : -1;"), "const a=b?c:-1;");
  EXPECT_EQ(SqueezedScript("return a + +b - -c;"), "return a+ +b- -c;");
  EXPECT_EQ(SqueezedScript("for (const x of y) {"), "for(const x of y){");
}

TEST(SqueezeTest, StringsTemplatesAndRegularExpressionsStay) {
  EXPECT_EQ(SqueezedScript("f('a  // b', \"c /* d */\");"), "f('a  // b',\"c /* d */\");");
  EXPECT_EQ(SqueezedScript("x = `a ${b ? `c  d` : '}'} e`;"), "x=`a ${b ? `c  d` : '}'} e`;");
  EXPECT_EQ(SqueezedScript("return /a  [/'] \\/b/.test(c);"), "return/a  [/'] \\/b/.test(c);");
  EXPECT_EQ(SqueezedScript("s.replace(/ '/g, x / y / z)"), "s.replace(/ '/g,x/y/z)");
}

TEST(SqueezeTest, CommentsGo) {
  EXPECT_EQ(SqueezedScript("a = 1;  // one"), "a=1;");
  EXPECT_EQ(SqueezedScript("/** @type {A} */ (b).c()"), "(b).c()");
  EXPECT_EQ(SqueezedScript("f = (/** @type {B} */ b) => b,  // more"), "f=(b)=>b,");
}

TEST(SqueezeTest, WhatDoesNotEndOnItsLineIsRefused) {
  EXPECT_THROW(SqueezedScript("a = `open"), std::runtime_error);
  EXPECT_THROW(SqueezedScript("a = 'open"), std::runtime_error);
}

TEST(SqueezeTest, StylesKeepTheirSelectors) {
  EXPECT_EQ(SqueezedStyle("#a .b > c { color: red; margin: 0 auto; }"),
            "#a .b > c{color:red;margin:0 auto;}");
}

}  // namespace
}  // namespace heapcrest
