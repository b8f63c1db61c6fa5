#include "viewer/folded.h"

#include <gtest/gtest.h>

#include <sstream>

#include "tests/viewer/recording_builder.h"
#include "viewer/peak.h"

namespace heapcrest {
namespace {

std::string FoldedOf(const Recording& recording, View view = View::kPeak, size_t process = 0) {
  const Process& p = recording.processes[process];
  return FoldedStacks(recording, BuildCallTree(recording, p, FindPeak(p)), view);
}

TEST(FoldedTest, OneLineForEachNodeThatAllocated) {
  const Recording recording = RecordingBuilder()
                                  .Sample({"main", "f"}, 100, 1)
                                  .Sample({"main", "g", "h"}, 300, 2, 3)
                                  .Sample({"main"}, 5, 4)
                                  .Build();
  EXPECT_EQ(FoldedOf(recording), "main;g;h 300\nmain;f 100\n");
  EXPECT_EQ(FoldedOf(recording, View::kEnd), "main 5\nmain;f 100\n");
  EXPECT_EQ(FoldedOf(recording, View::kAllocated), "main 5\nmain;g;h 300\nmain;f 100\n");
}

TEST(FoldedTest, NamesCannotBreakTheFormat) {
  const Recording recording =
      RecordingBuilder().Sample({"a;b\nc d", "", "...3", "x"}, 1, 1).Build();
  EXPECT_EQ(FoldedOf(recording),
            "a:b\xef\xbf\xbd"
            "c d;[unknown];[3 frames left out];x 1\n");
}

TEST(FoldedTest, LinesAddUpToTheTotal) {
  for (uint64_t seed = 0; seed < 50; ++seed) {
    const Recording recording = RandomRecording(seed);
    for (size_t p = 0; p < recording.processes.size(); ++p) {
      const Peak peak = FindPeak(recording.processes[p]);
      for (const View view : {View::kPeak, View::kEnd, View::kAllocated}) {
        int64_t sum = 0;
        std::istringstream lines(FoldedOf(recording, view, p));
        for (std::string line; std::getline(lines, line);)
          sum += std::stoll(line.substr(line.rfind(' ')));
        EXPECT_EQ(sum, peak.total[static_cast<size_t>(view)].bytes);
      }
    }
  }
}

}  // namespace
}  // namespace heapcrest
