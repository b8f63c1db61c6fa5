#include "profiler/launch/environment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace heapcrest {
namespace {

using ::testing::UnorderedElementsAre;

const ProfilerSettings kSettings = {"/lib/ours.so", "/tmp/a.captures", 65536};

TEST(EnvironmentTest, SetsOurVariablesAndKeepsTheRest) {
  const char* const before[] = {"HOME=/root", "odd", "EMPTY=", nullptr};
  EXPECT_THAT(
      ProfiledEnvironment(before, kSettings),
      UnorderedElementsAre("HOME=/root", "odd", "EMPTY=", "LD_PRELOAD=/lib/ours.so",
                           "ASAN_OPTIONS=verify_asan_link_order=0",
                           "HEAPCREST_CAPTURES=/tmp/a.captures", "HEAPCREST_INTERVAL=65536"));
}

TEST(EnvironmentTest, WhatWasPreloadedComesAfterUs) {
  const char* const before[] = {"LD_PRELOAD=/lib/jemalloc.so /lib/x.so", nullptr};
  EXPECT_THAT(ProfiledEnvironment(before, kSettings),
              ::testing::Contains("LD_PRELOAD=/lib/ours.so:/lib/jemalloc.so /lib/x.so"));
}

TEST(EnvironmentTest, AProfiledHeapcrestDoesNotPassOnItsOwnSettings) {
  const char* const before[] = {"HEAPCREST_CAPTURES=/old", "HEAPCREST_INTERVAL=1",
                                "LD_PRELOAD=", nullptr};
  EXPECT_THAT(
      ProfiledEnvironment(before, kSettings),
      UnorderedElementsAre("LD_PRELOAD=/lib/ours.so", "HEAPCREST_CAPTURES=/tmp/a.captures",
                           "ASAN_OPTIONS=verify_asan_link_order=0", "HEAPCREST_INTERVAL=65536"));
}

TEST(EnvironmentTest, AddressSanitizerIsToldToComeAfterUsBesidesWhatElseItIsTold) {
  const char* const before[] = {"ASAN_OPTIONS=detect_leaks=0", nullptr};
  EXPECT_THAT(ProfiledEnvironment(before, kSettings),
              ::testing::Contains("ASAN_OPTIONS=detect_leaks=0:verify_asan_link_order=0"));
}

}  // namespace
}  // namespace heapcrest
