// Every output shows the same figures: call tree, summary in three formats, folded stacks, and all
// of them again from the profile on disk.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/viewer/recording_builder.h"
#include "tests/viewer/temporary_folder.h"
#include "viewer/explanation_text.h"
#include "viewer/folded.h"
#include "viewer/peak.h"
#include "viewer/profile_writer.h"
#include "viewer/reader.h"
#include "viewer/summary_json.h"
#include "viewer/summary_markdown.h"
#include "viewer/summary_text.h"
#include "viewer/units.h"

namespace heapcrest {
namespace {

using testing::HasSubstr;

int64_t FoldedSum(const std::string& folded) {
  int64_t sum = 0;
  std::istringstream lines(folded);
  for (std::string line; std::getline(lines, line);)
    sum += std::stoll(line.substr(line.rfind(' ')));
  return sum;
}

TEST(OneTruthTest, TreeSummaryAndFoldedStacksAgree) {
  for (uint64_t seed = 0; seed < 100; ++seed) {
    const Recording recording = RandomRecording(seed);
    const Summary summary = Summarize(recording);
    const Process& process = recording.processes[summary.main];
    const CallTree tree = BuildCallTree(recording, process, FindPeak(process));
    const Amounts& root = tree.nodes[0].total;
    const auto json = nlohmann::json::parse(SummaryJson(recording, summary, 3));
    int64_t top = json["rest"]["bytes"];
    for (const auto& line : json["top"]) top += line["self_bytes"].get<int64_t>();
    EXPECT_EQ(top, root[0].bytes);
    const auto& growth = json["peak"]["growth"];
    EXPECT_EQ(growth["bytes"].get<int64_t>() + growth["from_bytes"].get<int64_t>(), root[0].bytes);
    const Amount& temporary = summary.lifetimes.temporary;
    EXPECT_EQ(json["temporary"]["bytes"], temporary.bytes);
    for (const std::string& text :
         {SummaryText(recording, summary, 3), SummaryMarkdown(recording, summary, 3)}) {
      if (root[0].bytes != 0) {
        EXPECT_THAT(text, HasSubstr(FormatBytes(growth["bytes"]) + " of the peak came "));
      }
      if (root[0].bytes != 0 && !TemporaryTexts(recording, summary).empty()) {
        EXPECT_THAT(text, HasSubstr("Freed again within 1.0 ms: " + FormatBytes(temporary.bytes)));
      }
    }
    const char* const names[] = {"peak", "end", "allocated"};
    for (size_t view = 0; view < kViewCount; ++view) {
      EXPECT_EQ(json[names[view]]["bytes"], root[view].bytes);
      EXPECT_EQ(json[names[view]]["count"], root[view].count());
      EXPECT_EQ(FoldedSum(FoldedStacks(recording, tree, static_cast<View>(view))),
                root[view].bytes);
      EXPECT_THAT(SummaryText(recording, summary, 3), HasSubstr(FormatBytes(root[view].bytes)));
      EXPECT_THAT(SummaryMarkdown(recording, summary, 3), HasSubstr(FormatBytes(root[view].bytes)));
    }
  }
}

TEST(OneTruthTest, AProfileSaysWhatTheRecordingSaid) {
  const TemporaryFolder folder;
  for (uint64_t seed = 0; seed < 60; ++seed) {
    const Recording recording = RandomRecording(seed);
    ASSERT_TRUE(WriteProfile(recording, folder / "p").ok());
    const absl::StatusOr<Recording> read = ReadRecording(folder / "p");
    ASSERT_TRUE(read.ok()) << read.status().message();
    const Summary before = Summarize(recording), after = Summarize(*read);
    EXPECT_EQ(SummaryJson(*read, after, 100), SummaryJson(recording, before, 100)) << seed;
    EXPECT_EQ(SummaryText(*read, after, 5), SummaryText(recording, before, 5));
    for (size_t p = 0; p < recording.processes.size(); ++p) {
      const auto folded = [p](const Recording& r) {
        const CallTree tree = BuildCallTree(r, r.processes[p], FindPeak(r.processes[p]));
        return FoldedStacks(r, tree, View::kPeak);
      };
      EXPECT_EQ(folded(*read), folded(recording));
    }
  }
}

}  // namespace
}  // namespace heapcrest
