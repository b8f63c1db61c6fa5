#include "profiler/next_definition.h"

#include <dlfcn.h>
#include <gtest/gtest.h>

#include "profiler/exports.h"

namespace heapcrest {
namespace {

TEST(NextDefinitionTest, IsWhatTheDynamicLoaderFinds) {
  for (const char* name : {"qsort", "dlclose", "wait4", "memalign", "_Znwm", "_ZdlPvm"}) {
    EXPECT_NE(NextDefinition(name), nullptr) << name;
    EXPECT_EQ(NextDefinition(name), dlsym(RTLD_NEXT, name)) << name;
  }
}

TEST(NextDefinitionTest, WhatNobodyHasIsNullAndLeavesNoMessage) {
  dlerror();
  EXPECT_EQ(NextDefinition("heapcrest_has_no_such_function"), nullptr);
  EXPECT_EQ(dlerror(), nullptr);
}

TEST(NextDefinitionTest, NobodyComesBeforeTheProgram) {
  EXPECT_FALSE(HasEarlierDefinition("qsort"));
  EXPECT_FALSE(HasEarlierDefinition("main"));
}

TEST(ExportsTest, HiddenVersionIsNotTaken) {
  // memcpy@GLIBC_2.2.5 is for programs of before 2011; newer ones get memcpy@@GLIBC_2.14, which is
  // an indirect function: dlsym gives what it chooses.
  dl_find_object object;
  ASSERT_EQ(_dl_find_object(dlsym(RTLD_DEFAULT, "qsort"), &object), 0);
  const void* old_one = dlvsym(RTLD_DEFAULT, "memcpy", "GLIBC_2.2.5");
  ASSERT_NE(old_one, nullptr);
  EXPECT_NE(FindExport(*object.dlfo_link_map, "memcpy").address, old_one);
  EXPECT_EQ(FindExport(*object.dlfo_link_map, "heapcrest_has_no_such_function").address, nullptr);
}

}  // namespace
}  // namespace heapcrest
