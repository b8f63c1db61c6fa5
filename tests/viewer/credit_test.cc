#include "viewer/credit.h"

#include <gtest/gtest.h>

#include "profiler/format/record.h"
#include "tests/viewer/recording_builder.h"
#include "viewer/peak.h"

namespace heapcrest {
namespace {

// "function|file" is a frame of Python; others are the interpreter's.
Recording OfPython(Recording recording) {
  const uint32_t interpreter = recording.strings.Intern("/usr/bin/python3.11");
  for (Location& location : recording.processes[0].locations) {
    Frame& frame = recording.frames[location.first_frame];
    const std::string name(recording.strings[frame.function]);
    const size_t bar = name.find('|');
    frame.file = bar == name.npos ? 0 : recording.strings.Intern(name.substr(bar + 1));
    frame.module = bar == name.npos ? interpreter : 0;
    frame.function = recording.strings.Intern(name.substr(0, bar));
    if (bar != name.npos) location.address |= kPythonFrameBit;
  }
  return recording;
}

// The function that gets the credit for what the node of that name holds.
std::string CreditOf(const Recording& recording, const std::string& function) {
  const Process& process = recording.processes[0];
  const CallTree tree = BuildCallTree(recording, process, FindPeak(process));
  const auto name = [&](uint32_t node) {
    return std::string(recording.strings[recording.frames[tree.nodes[node].frame].function]);
  };
  const std::vector<uint32_t> credited = CreditedNodes(recording, tree);
  for (uint32_t node = 1; node < tree.nodes.size(); ++node) {
    if (name(node) == function) return name(credited[node]);
  }
  return "";
}

TEST(CreditTest, GoesToTheNearestLineOfTheHighestRank) {
  const std::string eval = "_PyEval_EvalFrameDefault", own = "own|/home/me/a.py",
                    loads = "loads|/usr/lib/python3.11/json/__init__.py",
                    run = "run|/usr/lib/python3.11/runpy.py",
                    dumps = "dumps|/usr/lib/python3.11/json/__init__.py";
  const Recording recording = OfPython(RecordingBuilder()
                                           .Sample({"start", eval, own, loads, "list_new"}, 100, 1)
                                           .Sample({"start", eval, run, dumps, "dict_new"}, 50, 2)
                                           .Sample({"start", "init", "type_new"}, 20, 3)
                                           .Build());
  EXPECT_EQ(CreditOf(recording, "list_new"), "own");
  EXPECT_EQ(CreditOf(recording, "loads"), "own");
  EXPECT_EQ(CreditOf(recording, "dict_new"), "dumps");  // all of it is Python's own library
  EXPECT_EQ(CreditOf(recording, "dumps"), "dumps");
  EXPECT_EQ(CreditOf(recording, "type_new"), "type_new");  // no Python runs yet
}

TEST(CreditTest, ProgramsBesidePythonKeepTheirOwn) {
  Recording recording = OfPython(
      RecordingBuilder()
          .Sample({"__libc_start_main", "_PyEval_EvalFrameDefault", "own|/home/me/a.py"}, 100, 1)
          .Sample({"__libc_start_main", "init"}, 20, 2)
          .Build());
  EXPECT_EQ(CreditOf(recording, "init"), "init");  // libc's start is no line to look at
  Process python = recording.processes[0];
  // A program of another process, without sources too.
  Process& other = recording.processes[0];
  for (Location& location : other.locations) location.address &= ~kPythonFrameBit;
  const uint32_t sort = recording.strings.Intern("/usr/bin/sort");
  const uint32_t libc = recording.strings.Intern("/lib/libc.so.6");
  const auto frame = static_cast<uint32_t>(recording.frames.size());
  recording.frames.push_back({recording.strings.Intern("qsort"), 0, 0, libc});
  recording.frames.push_back({recording.strings.Intern("sort+0x6e8d"), 0, 0, sort});
  other.locations[0].first_frame = frame;
  for (size_t i = 1; i < other.locations.size(); ++i) other.locations[i].first_frame = frame + 1;
  recording.processes.push_back(python);
  EXPECT_EQ(CreditOf(recording, "sort+0x6e8d"), "sort+0x6e8d");
}

}  // namespace
}  // namespace heapcrest
