#include "viewer/summary_markdown.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/viewer/recording_builder.h"

namespace heapcrest {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string MarkdownOf(const Recording& recording, size_t top = 10) {
  return SummaryMarkdown(recording, Summarize(recording), top);
}

TEST(SummaryMarkdownTest, IsATable) {
  const Recording recording = RecordingBuilder()
                                  .Sample({"main", "MakeBoxes:12"}, 28'000'000, 1000)
                                  .Sample({"main", "rest:1"}, 1000, 2000)
                                  .Build();
  EXPECT_EQ(
      MarkdownOf(recording, 1),
      "### Peak 28.0 MB: app --fast\n\n"
      "2 allocations live after 0.000 s; 28.0 MB left at the end (exit status 0); 28.0 MB "
      "allocated in total.\n\n"
      "28.0 MB of the peak came in the last 1 µs before it: 28.0 MB in MakeBoxes "
      "app/main.cc:12.\n\n"
      "| Held at the peak | Share | 95 % | Allocations | Malloc adds | Function | Place |\n"
      "|--:|--:|--:|--:|--:|---|---|\n"
      "| 28.0 MB | 100.0 % | exact | 1 | 256 B | MakeBoxes<br>called by main | app/main.cc:12 "
      "|\n"
      "| 1.0 kB | 0.0 % | exact | 1 | 8 B | all other lines |  |\n");
}

TEST(SummaryMarkdownTest, OnlyWhereAllWasRecordedAFigureIsExact) {
  const Recording recording = RecordingBuilder(65536).Sample({"main"}, 1'000'000, 1).Build();
  EXPECT_THAT(MarkdownOf(recording), HasSubstr("| 100.0 % | ≈ exact | 1 |"));
}

TEST(SummaryMarkdownTest, NamesStayText) {
  Recording recording = RecordingBuilder().Sample({"f"}, 8, 1).Build();
  recording.frames[0].function =
      recording.strings.Intern("a|b`c<img src=x>*_[l](http://e)@me#1\n| x");
  recording.processes[0].command = {"<script>"};
  const std::string markdown = MarkdownOf(recording);
  for (const char* sign : {"`", "<", "*_", "[", "@me", "e#1"})
    EXPECT_THAT(markdown, Not(HasSubstr(sign)));
  EXPECT_THAT(markdown, HasSubstr("a&#124;b&#96;c&#60;img"));
  const size_t row = markdown.rfind("| 8 B");
  EXPECT_EQ(std::count(markdown.begin() + static_cast<ptrdiff_t>(row), markdown.end(), '|'), 8);
}

TEST(SummaryMarkdownTest, CallersStayTextToo) {
  const Recording recording = RecordingBuilder().Sample({"a|b<c>", "`push`", "make"}, 8, 1).Build();
  EXPECT_THAT(MarkdownOf(recording),
              HasSubstr("| make<br>called by &#96;push&#96; &#60;- a&#124;b&#60;c&#62; |"));
}

TEST(SummaryMarkdownTest, TypesStandInTheCellOfTheirLine) {
  const Recording recording =
      RecordingBuilder().Sample({"main", "f:12", "type a|b<c>"}, 1000, 1).Build();
  EXPECT_THAT(SummaryMarkdown(recording, Summarize(recording), 5),
              HasSubstr("| f<br>1 × a&#124;b&#60;c&#62;, 1.0 kB<br>called by main |"));
}

TEST(SummaryMarkdownTest, ANewlineInACommandIsShownAsAShellTakesIt) {
  Recording recording = RecordingBuilder().Sample({"f"}, 8, 1).Build();
  recording.processes[0].command = {"sh", "a\nb"};
  EXPECT_THAT(MarkdownOf(recording), HasSubstr(": sh &#36;&#39;a&#92;nb&#39;\n"));
}

TEST(SummaryMarkdownTest, AnEmptyRecordingHasNoTable) {
  EXPECT_THAT(MarkdownOf(RecordingBuilder().Build()), Not(HasSubstr("|")));
}

}  // namespace
}  // namespace heapcrest
