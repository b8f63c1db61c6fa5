#include "viewer/profile_facts.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/viewer/recording_builder.h"

namespace heapcrest {
namespace {

Recording Hostile() {
  Recording recording = RecordingBuilder().Build();
  Process& process = recording.processes[0];
  process.command = {"ok", "bad\xff\xfe", std::string("nul\0nul", 7), "größe", ""};
  process.executable = "\xc3";
  process.exit = {Exit::Kind::kSignaled, 9, true};
  process.interval_bytes = UINT64_MAX;
  process.start_realtime_ns = 1'700'000'000'123'456'789;
  process.mappings = {{1, 2, UINT64_MAX, 4, "/a\x80", std::string("\0\xff", 2)}};
  process.threads = {{0, 1, "main"}, {UINT64_MAX, 2, "\x1b"}};
  recording.warnings = {"w\xff"};
  recording.lost_stack_frame = 3;
  return recording;
}

TEST(ProfileFactsTest, EverythingComesBackByteForByte) {
  const Recording recording = Hostile();
  Recording read;
  ASSERT_TRUE(DecodeFacts(EncodeFacts(recording), &read));
  EXPECT_EQ(EncodeFacts(read), EncodeFacts(recording));
  const Process& process = read.processes[0];
  EXPECT_EQ(process.command, recording.processes[0].command);
  EXPECT_EQ(process.executable, "\xc3");
  EXPECT_EQ(process.exit.kind, Exit::Kind::kSignaled);
  EXPECT_EQ(process.exit.code, 9);
  EXPECT_TRUE(process.exit.out_of_memory);
  EXPECT_EQ(process.interval_bytes, UINT64_MAX);
  EXPECT_EQ(process.start_realtime_ns, 1'700'000'000'123'456'789u);
  EXPECT_EQ(process.mappings[0].build_id, std::string("\0\xff", 2));
  EXPECT_EQ(process.mappings[0].end, UINT64_MAX);
  EXPECT_EQ(process.threads[1].index, UINT64_MAX);
  EXPECT_EQ(read.warnings, recording.warnings);
  EXPECT_EQ(read.lost_stack_frame, 3u);
}

TEST(ProfileFactsTest, EveryWayToEndComesBack) {
  for (const Exit::Kind kind : {Exit::Kind::kUnknown, Exit::Kind::kExited, Exit::Kind::kSignaled,
                                Exit::Kind::kStillRunning, Exit::Kind::kExeced}) {
    Recording recording = RecordingBuilder().Build(), read;
    recording.processes[0].exit.kind = kind;
    ASSERT_TRUE(DecodeFacts(EncodeFacts(recording), &read));
    EXPECT_EQ(read.processes[0].exit.kind, kind);
  }
}

TEST(ProfileFactsTest, NamesOfLaterVersionsAreIgnored) {
  std::string json = EncodeFacts(RecordingBuilder().Build());
  json.insert(1, R"("later":[1,{"x":null}],)");
  Recording read;
  EXPECT_TRUE(DecodeFacts(json, &read));
}

TEST(ProfileFactsTest, WhatIsNotFactsIsRefused) {
  const std::string good = EncodeFacts(RecordingBuilder().Build());
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string bad = good;
    const size_t at = bad.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    Recording read;
    return DecodeFacts(bad.replace(at, from.size(), to), &read);
  };
  EXPECT_TRUE(with("\"pid\":42", "\"pid\":43"));
  EXPECT_FALSE(with("\"pid\":42", "\"pid\":-1"));
  EXPECT_FALSE(with("\"pid\":42", "\"pid\":4294967296"));
  EXPECT_FALSE(with("\"pid\":42", "\"pid\":1e3"));
  EXPECT_FALSE(with("\"pid\":42", "\"pid\":\"x\""));
  EXPECT_FALSE(with("\"pid\":42", "\"nopid\":42"));
  EXPECT_FALSE(with("\"code\":0", "\"code\":3000000000"));
  EXPECT_FALSE(with("\"app\"", "{\"hex\":\"zz\"}"));
  EXPECT_FALSE(with("\"app\"", "{}"));
  EXPECT_FALSE(with("\"processes\":[", "\"processes\":[[],"));
  Recording read;
  EXPECT_FALSE(DecodeFacts("", &read));
  EXPECT_FALSE(DecodeFacts(std::string(100'000, '['), &read));
}

}  // namespace
}  // namespace heapcrest
