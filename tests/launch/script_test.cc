#include "profiler/launch/script.h"

#include <gtest/gtest.h>

namespace heapcrest {
namespace {

TEST(ScriptTest, ReadsInterpreterAndTheRestAsOneArgument) {
  const auto line = ParseFirstLine("#! /bin/sh  -e -u \nexit 0\n");
  ASSERT_TRUE(line);
  EXPECT_EQ(line->path, "/bin/sh");
  EXPECT_EQ(line->argument, "-e -u");
}

TEST(ScriptTest, LineMayEndWithTheFile) {
  const auto line = ParseFirstLine("#!/bin/sh");
  ASSERT_TRUE(line);
  EXPECT_EQ(line->path, "/bin/sh");
  EXPECT_EQ(line->argument, "");
}

TEST(ScriptTest, TextWithoutMarkOrNameIsNoScript) {
  EXPECT_FALSE(ParseFirstLine(""));
  EXPECT_FALSE(ParseFirstLine("#"));
  EXPECT_FALSE(ParseFirstLine("echo hello\n"));
  EXPECT_FALSE(ParseFirstLine("#!\n/bin/sh\n"));
  EXPECT_FALSE(ParseFirstLine("#! \t \n"));
  EXPECT_FALSE(ParseFirstLine(std::string_view("#!\0/bin/sh\n", 11)));
}

TEST(ScriptTest, InterpreterCutByTheKernelsBufferIsRefused) {
  const std::string name(kMaxFirstLineBytes - 2, 'x');
  EXPECT_FALSE(ParseFirstLine("#!" + name));
  EXPECT_TRUE(ParseFirstLine("#!" + name.substr(1) + "\n"));
  // A cut argument is no harm: the name is whole.
  EXPECT_TRUE(ParseFirstLine("#!/bin/sh " + name.substr(10)));
}

TEST(ScriptTest, EnvNamesItsProgram) {
  EXPECT_EQ(ProgramOfEnv({"/usr/bin/env", "python3"}), "python3");
  EXPECT_EQ(ProgramOfEnv({"/usr/bin/env", "-S python3 -u"}), "python3");
  EXPECT_EQ(ProgramOfEnv({"/usr/bin/env", "-S A=1 B=2 node --flag"}), "node");
  EXPECT_EQ(ProgramOfEnv({"/usr/bin/env", "--split-string=perl -w"}), "perl");
}

TEST(ScriptTest, WhatOnlyEnvUnderstandsIsLeftToIt) {
  EXPECT_EQ(ProgramOfEnv({"/usr/bin/env", ""}), "");
  EXPECT_EQ(ProgramOfEnv({"/usr/bin/env", "-S -u HOME python3"}), "");
  EXPECT_EQ(ProgramOfEnv({"/usr/bin/env", "-S ${PYTHON} -u"}), "");
  EXPECT_EQ(ProgramOfEnv({"/usr/bin/env", "--help"}), "");
  EXPECT_EQ(ProgramOfEnv({"/usr/bin/environment", "python3"}), "");
}

}  // namespace
}  // namespace heapcrest
