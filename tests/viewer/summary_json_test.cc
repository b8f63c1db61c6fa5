#include "viewer/summary_json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/viewer/recording_builder.h"

namespace heapcrest {
namespace {

nlohmann::json JsonOf(const Recording& recording, size_t top = 10) {
  return nlohmann::json::parse(SummaryJson(recording, Summarize(recording), top));
}

TEST(SummaryJsonTest, HasWhatTheCommandPromises) {
  RecordingBuilder builder;
  builder.Sample({"main:3", "f:12"}, 1000, 1'500'000).Sample({"main:3", "f:12"}, 24, 2, 3);
  builder.recording.processes[0].duration_ns = 2'000'000'000;
  const nlohmann::json json = JsonOf(builder.Build(), 1);
  EXPECT_EQ(json["command"], "app --fast");
  EXPECT_EQ(json["pid"], 42);
  EXPECT_EQ(json["exit"], "exit status 0");
  EXPECT_EQ(json["peak"]["bytes"], 1000);
  EXPECT_EQ(json["peak"]["seconds"], 0.0015);
  EXPECT_EQ(json["peak"]["count"], 1);
  EXPECT_EQ(json["end"]["bytes"], 1000);
  EXPECT_EQ(json["allocated"]["bytes"], 1024);
  EXPECT_EQ(json["allocations"], 2);
  EXPECT_EQ(json["duration_seconds"], 2.0);
  EXPECT_EQ(json["interval_bytes"], 1);
  const nlohmann::json caller = {{"function", "main"},
                                 {"file", "/src/app/main.cc"},
                                 {"line", 3},
                                 {"module", "/bin/app"},
                                 {"bytes", 1000}};
  const nlohmann::json expected = {{"function", "f"},
                                   {"file", "/src/app/main.cc"},
                                   {"line", 12},
                                   {"module", "/bin/app"},
                                   {"self_bytes", 1000},
                                   {"total_bytes", 1000},
                                   {"count", 1},
                                   {"samples", 1},
                                   {"overhead_bytes", 8},
                                   {"ci95_bytes", 0},
                                   {"end_bytes", 1000},
                                   {"allocated_bytes", 1024},
                                   {"temporary_bytes", 24},
                                   {"temporary_median_seconds", 0.0},
                                   {"age_seconds", 0.0},
                                   {"types", nlohmann::json::array()},
                                   {"callers", nlohmann::json::array({caller})}};
  EXPECT_EQ(json["top"], nlohmann::json::array({expected}));
  EXPECT_EQ(json["rest"]["bytes"], 0);
}

TEST(SummaryJsonTest, LinesAndThePeakHaveTheirTypes) {
  RecordingBuilder builder;
  builder.Sample({"f:12", "type int"}, 32, 1).Sample({"f:12", "type int"}, 32, 2);
  builder.Sample({"f:12"}, 100, 3).Sample({"g:1", "type \xff"}, 7, 4);
  const nlohmann::json json = JsonOf(builder.Build(), 10);
  const nlohmann::json integers = {{"type", "int"}, {"bytes", 64},          {"count", 2},
                                   {"samples", 2},  {"overhead_bytes", 32}, {"ci95_bytes", 0}};
  EXPECT_EQ(json["top"][0]["self_bytes"], 164);
  EXPECT_EQ(json["top"][0]["types"], nlohmann::json::array({integers}));
  EXPECT_EQ(json["types"][0], integers);
  EXPECT_EQ(json["types"][1]["type"], "\ufffd");
  EXPECT_EQ(json["top"].size(), 2u);
}

TEST(SummaryJsonTest, ExplainsThePeak) {
  RecordingBuilder builder;
  builder.Sample({"push:3"}, 100'000, 1'000'000, 4'000'000)
      .Sample({"push:3"}, 200'000, 3'000'000, 6'000'000)
      .Sample({"push:3"}, 400'000, 5'000'000)
      .Sample({"parse:9"}, 30'000, 4'200'000, 4'300'000);
  const nlohmann::json json = JsonOf(builder.Build());
  const nlohmann::json grown = {{"function", "push"}, {"file", "/src/app/main.cc"},
                                {"line", 3},          {"module", "/bin/app"},
                                {"bytes", 400'000},   {"count", 1},
                                {"samples", 1},       {"ci95_bytes", 0}};
  EXPECT_EQ(json["peak"]["growth"], (nlohmann::json{{"from_seconds", 0.005},
                                                    {"from_bytes", 200'000},
                                                    {"bytes", 400'000},
                                                    {"lines", nlohmann::json::array({grown})}}));
  const nlohmann::json copy = {
      {"function", "push"},   {"file", "/src/app/main.cc"}, {"line", 3},
      {"module", "/bin/app"}, {"old_bytes", 200'000},       {"new_bytes", 400'000},
      {"seconds", 0.001}};
  EXPECT_EQ(json["peak"]["copies"], nlohmann::json::array({copy}));
  EXPECT_EQ(json["peak"]["age_seconds"], 0.0);
  EXPECT_EQ(json["temporary"]["bytes"], 30'000);
  EXPECT_EQ(json["temporary"]["count"], 1);
  EXPECT_EQ(json["temporary"]["within_seconds"], 0.001);
  EXPECT_EQ(json["temporary"]["median_seconds"], 0.0001);
  ASSERT_EQ(json["temporary"]["top"].size(), 1u);
  EXPECT_EQ(json["temporary"]["top"][0]["function"], "parse");
  EXPECT_EQ(json["temporary"]["top"][0]["bytes"], 30'000);
}

TEST(SummaryJsonTest, ListsAllProcesses) {
  Recording recording = RecordingBuilder().Sample({"f"}, 10, 1).Build();
  recording.processes.push_back(recording.processes[0]);
  recording.processes[1].samples[0].size = 30;
  const nlohmann::json json = JsonOf(recording);
  ASSERT_EQ(json["processes"].size(), 2u);
  EXPECT_EQ(json["processes"][0]["peak"]["bytes"], 10);
  EXPECT_EQ(json["peak"]["bytes"], 30);
}

TEST(SummaryJsonTest, TextThatIsNotUtf8IsRepaired) {
  Recording recording = RecordingBuilder().Sample({"bad\xff\"name\n"}, 10, 1).Build();
  recording.processes[0].command = {"\xc3"};
  const nlohmann::json json = JsonOf(recording);
  EXPECT_EQ(json["top"][0]["function"], "bad\xef\xbf\xbd\"name\n");
  EXPECT_EQ(json["command"], "\xef\xbf\xbd");
}

TEST(SummaryJsonTest, ErrorBarsAreThoseOfTheSamples) {
  const Recording recording = RecordingBuilder(65536).Sample({"main"}, 28, 1).Build();
  EXPECT_EQ(JsonOf(recording)["top"][0]["ci95_bytes"], 128'451);
  EXPECT_EQ(JsonOf(recording)["peak"]["ci95_bytes"], 128'451);
}

}  // namespace
}  // namespace heapcrest
