#include "viewer/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/page/shapes.h"
#include "viewer/explanation_text.h"
#include "viewer/hints.h"
#include "viewer/output_file.h"
#include "viewer/peak.h"
#include "viewer/report/static_body.h"
#include "viewer/report/static_flamegraph.h"
#include "viewer/report/text.h"

namespace heapcrest {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

size_t Count(std::string_view text, std::string_view part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

// What a reader without scripts sees.
std::string PlainBody(const std::string& page) {
  const size_t begin = page.find("<main id=\"static\">");
  return page.substr(begin, page.find("</main>", begin) - begin);
}

// Once for all tests, and a tenth of what a page gets: sanitizers take a minute for that.
const Recording& Tiny() {
  static const Recording recording = TinyRecording(100'000);
  return recording;
}

const std::string& TinyPage() {
  static const std::string page = RenderReport(Tiny(), {"1.2.3"});
  return page;
}

TEST(ReportTest, BeginsWithTheMarkerByWhichWeKnowOurFiles) {
  EXPECT_THAT(TinyPage(), StartsWith(kReportMarker));
}

TEST(ReportTest, ThePlainBodySaysWhatHeldThePeak) {
  const std::string body = PlainBody(TinyPage());
  EXPECT_THAT(body, HasSubstr("3.6 MB at the peak"));
  EXPECT_THAT(body, HasSubstr("./boxed 100000"));
  EXPECT_THAT(body, HasSubstr("MakeBox(long)"));
  EXPECT_THAT(body, HasSubstr("/src/samples/boxed.cc:31"));
  EXPECT_THAT(body, HasSubstr("2.8 MB"));
  EXPECT_THAT(body, HasSubstr("77.8 %"));
  EXPECT_THAT(body, HasSubstr("exit status 0"));
  EXPECT_THAT(body, HasSubstr("100,001 allocations of 36 B on average; malloc adds 2.0 MB."));
  EXPECT_THAT(body, HasSubstr("Malloc adds</th>"));
}

TEST(ReportTest, ThePlainBodyExplainsThePeakAsTheSummaryDoes) {
  const std::string growth = GrowthText(Tiny(), Summarize(Tiny()));
  const std::string body = PlainBody(TinyPage());
  EXPECT_THAT(growth, HasSubstr(" of the peak came "));
  EXPECT_THAT(body, HasSubstr("<p>" + EscapeHtml(growth) + ".</p>"));
  const Recording large = LargeRecording(2000, 100);
  const Summary of_large = Summarize(large);
  const std::string large_body = PlainBody(RenderReport(large, {}));
  for (const std::string& text : TemporaryTexts(large, of_large)) {
    EXPECT_THAT(large_body, HasSubstr("<li>" + EscapeHtml(text) + "</li>"));
  }
}

TEST(ReportTest, AHintStandsRightBelowThePlainVerdict) {
  const Recording recording = StrippedRecording();
  const std::vector<std::string> hints = HintTexts(recording, Summarize(recording));
  ASSERT_EQ(hints.size(), 1u);
  const std::string body = PlainBody(RenderReport(recording, {}));
  const size_t verdict_end = body.find(".</p>\n", body.find("Recorded: "));
  EXPECT_THAT(body.substr(verdict_end),
              StartsWith(".</p>\n<p><b>Hint:</b> " + EscapeHtml(hints[0])));
  EXPECT_EQ(Count(body, EscapeHtml(hints[0])), 1u);
}

TEST(ReportTest, ThePlainBodyUsesNothingThatAStrictPageBlocks) {
  const std::string body = PlainBody(RenderReport(LargeRecording(2000, 100), {}));
  EXPECT_THAT(body, Not(HasSubstr("style=")));
  EXPECT_THAT(body, Not(HasSubstr("<style")));
  EXPECT_THAT(body, Not(HasSubstr("<script")));
  EXPECT_THAT(body, Not(HasSubstr("class=")));
}

TEST(ReportTest, HostileTextNeverBecomesMarkup) {
  const Recording recording = HostileRecording();
  const std::string page = RenderReport(recording, {"--> <b>"});
  // One script runs; the others hold data.
  EXPECT_EQ(Count(page, "<script>"), 1u);
  EXPECT_EQ(Count(page, "<script"), Count(page, "</script>"));
  const std::string body = PlainBody(page);
  EXPECT_THAT(body, Not(HasSubstr("<img")));
  EXPECT_THAT(body, Not(HasSubstr("<b>warning")));
  EXPECT_THAT(body, HasSubstr("&lt;/script&gt;"));
  EXPECT_THAT(body, HasSubstr("nul\\u0000inside"));
  EXPECT_THAT(body, Not(HasSubstr("\xe2\x80\xae")));
  EXPECT_LT(body.size(), 100'000u);
}

TEST(ReportTest, AnEmptyRecordingMakesAPage) {
  const std::string body = PlainBody(RenderReport(EmptyRecording(), {}));
  EXPECT_THAT(body, HasSubstr("No allocation was recorded"));
  EXPECT_THAT(body, HasSubstr("--interval 1 records all"));
  EXPECT_THAT(body, Not(HasSubstr("<svg")));
}

TEST(ReportTest, ProcessesThatHeldNothingAreCountedOnly) {
  Recording recording = LargeRecording(200, 20);
  for (int i = 0; i < 3; ++i) {
    recording.processes.push_back(EmptyRecording().processes[0]);
    recording.processes.back().pid = static_cast<uint32_t>(77'000 + i);
  }
  const std::string body = PlainBody(RenderReport(recording, {}));
  EXPECT_THAT(body, HasSubstr("4 processes"));
  EXPECT_THAT(body, HasSubstr("and 3 more of which no allocation was recorded."));
  EXPECT_THAT(body, Not(HasSubstr("77000")));
  recording.processes.erase(recording.processes.begin());
  EXPECT_THAT(PlainBody(RenderReport(recording, {})), Not(HasSubstr("<table")));
}

TEST(ReportTest, OtherProcessesAreListed) {
  const std::string body = PlainBody(RenderReport(ManyProcesses(500), {}));
  EXPECT_THAT(body, HasSubstr("500 processes"));
  EXPECT_THAT(body, HasSubstr("file250.cc"));
  EXPECT_THAT(body, HasSubstr("and 480 more"));
}

TEST(StaticCurveTest, ALargeBlockThatIsFreedMakesOneDescent) {
  Timeline timeline;
  timeline.duration_ns = 3;
  timeline.cells = {{10, 10, {}}, {0, 10, {}}, {0, 0, {}}};
  const std::string svg = StaticCurve(timeline, {});
  EXPECT_THAT(svg, HasSubstr("\"M0 138.0V18.0H400.0V18.0H800.0V138.0H1200.0V138.0Z\""));
  EXPECT_THAT(svg, HasSubstr("\"M0 138.0V18.0H400.0V138.0H800.0V138.0H1200.0V138.0Z\""));
}

TEST(StaticFlamegraphTest, HasAtMostFourHundredBoxesEachWithATitle) {
  const Recording recording = LargeRecording(20'000, 1000);
  const Process& process = recording.processes[0];
  const CallTree tree = BuildCallTree(recording, process, FindPeak(process));
  const std::string svg = StaticFlamegraph(recording, tree);
  EXPECT_LE(Count(svg, "<rect"), kMaxStaticBoxes);
  EXPECT_GE(Count(svg, "<rect"), 200u);
  EXPECT_EQ(Count(svg, "<rect"), Count(svg, "<title>"));
  EXPECT_THAT(svg, HasSubstr(" frames, "));
  EXPECT_THAT(svg, HasSubstr("<title>all\n"));
  EXPECT_THAT(svg, Not(HasSubstr("\\u000a")));
}

TEST(StaticFlamegraphTest, ShortNamesDropArgumentsAndParameters) {
  EXPECT_EQ(ShortFunction("std::vector<int, A<int> >::push_back(int const&)"),
            "std::vector::push_back");
  EXPECT_EQ(ShortFunction("(anonymous namespace)::f(int)"), "(anonymous namespace)::f");
  EXPECT_EQ(ShortFunction("main"), "main");
  EXPECT_EQ(ShortFunction("<module>"), "<module>");
  EXPECT_EQ(ShortFunction("operator new(unsigned long)"), "operator new(unsigned long)");
}

}  // namespace
}  // namespace heapcrest
