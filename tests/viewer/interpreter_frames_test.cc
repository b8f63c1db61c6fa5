#include "viewer/interpreter_frames.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "profiler/format/record.h"
#include "viewer/recording.h"

namespace heapcrest {
namespace {

constexpr const char* kPython = "/usr/bin/python3.11";

// A process whose locations are these frames, each "function" of a module or a line of Python.
class InterpreterFramesTest : public testing::Test {
 protected:
  InterpreterFramesTest() { recording_.processes.emplace_back(); }

  uint32_t Add(const std::string& function, const std::string& module, uint64_t address = 0x1000,
               const std::string& file = "") {
    StringTable& strings = recording_.strings;
    recording_.frames.push_back(
        {strings.Intern(function), strings.Intern(file), 1, strings.Intern(module)});
    std::vector<Location>& locations = recording_.processes[0].locations;
    locations.push_back({0, address, static_cast<uint32_t>(recording_.frames.size() - 1), 1});
    return static_cast<uint32_t>(locations.size() - 1);
  }

  uint32_t AddPython(const std::string& function, const std::string& file) {
    return Add(function, "", MakePythonFrame(1, 2), file);
  }

  // One location of functions that are inlined into one another, innermost first.
  uint32_t AddInlined(const std::vector<std::string>& functions) {
    const uint32_t location = Add(functions[0], kPython);
    for (size_t i = 1; i < functions.size(); ++i) {
      Add(functions[i], kPython);
      recording_.processes[0].locations.pop_back();
    }
    recording_.processes[0].locations[location].frame_count =
        static_cast<uint32_t>(functions.size());
    return location;
  }

  // "innermost outermost": what is shown of a location.
  std::string Shown(uint32_t location) const {
    const Location& at = recording_.processes[0].locations[location];
    std::string names;
    for (uint32_t i = 0; i < at.frame_count; ++i) {
      const Frame& frame = recording_.frames[at.first_frame + i];
      names += (i == 0 ? "" : " ") + std::string(recording_.strings[frame.function]);
    }
    return names;
  }

  bool IsShown(uint32_t location) const {
    return recording_.processes[0].locations[location].frame_count != 0;
  }

  Recording recording_;
};

TEST_F(InterpreterFramesTest, PlumbingIsFoldedAndTheRestStays) {
  const uint32_t main = Add("main", "/usr/bin/app");
  const uint32_t eval = Add("_PyEval_EvalFrameDefault", kPython);
  const uint32_t call = Add("PyObject_Vectorcall", kPython);
  const uint32_t unnamed = Add("python3.11+0x1234", kPython);
  const uint32_t append = Add("PyList_Append", kPython);
  const uint32_t extension = Add("_multiarray.so+0x99", "/usr/lib/_multiarray.so");
  const uint32_t line = AddPython("f", "/home/me/a.py");
  ArrangeInterpreters(&recording_, true);
  EXPECT_FALSE(IsShown(eval));
  EXPECT_FALSE(IsShown(call));
  EXPECT_FALSE(IsShown(unnamed));
  for (const uint32_t shown : {main, append, extension, line}) EXPECT_TRUE(IsShown(shown));
}

TEST_F(InterpreterFramesTest, InlinedPlumbingIsFoldedAtBothEnds) {
  AddPython("f", "/home/me/a.py");
  Add("_PyEval_EvalFrameDefault", kPython);
  const uint32_t inner =
      AddInlined({"_PyObject_VectorcallTstate", "_PyObject_CallNoArg", "_bufferedreader_read_all"});
  const uint32_t outer = AddInlined({"listiter_next", "PyIter_Send", "_PyEval_EvalFrame"});
  const uint32_t all = AddInlined({"_PyEval_EvalFrame", "gen_send_ex2", "PyGen_am_send"});
  const uint32_t between =
      AddInlined({"PyCFunction_Call", "list_sort", "PyObject_Call", "list_sort_impl", "type_call"});
  ArrangeInterpreters(&recording_, true);
  EXPECT_EQ(Shown(inner), "_bufferedreader_read_all");
  EXPECT_EQ(Shown(outer), "listiter_next");
  EXPECT_EQ(Shown(all), "");
  EXPECT_EQ(Shown(between), "list_sort PyObject_Call list_sort_impl");
}

TEST_F(InterpreterFramesTest, WhatIsInlinedIntoAnEvaluationLoopIsMarked) {
  AddPython("f", "/home/me/a.py");
  const uint32_t append = AddInlined({"list_resize", "PyList_Append", "_PyEval_EvalFrameDefault"});
  const uint32_t call = AddInlined({"_PyObject_Vectorcall", "call", "_PyEval_EvalFrameDefault"});
  const uint32_t other = AddInlined({"list_resize", "PyList_Append"});
  const auto marked = [&](uint32_t i) {
    return recording_.processes[0].locations[i].in_evaluation;
  };
  ArrangeInterpreters(&recording_, false);
  EXPECT_EQ(marked(append), 2u);
  EXPECT_EQ(marked(other), 0u);
  ArrangeInterpreters(&recording_, true);
  EXPECT_EQ(Shown(append), "list_resize PyList_Append");
  EXPECT_EQ(marked(append), 2u);
  EXPECT_EQ(Shown(call), "call");
  EXPECT_EQ(marked(call), 1u);
}

TEST_F(InterpreterFramesTest, WithoutPythonFramesNothingIsFolded) {
  const uint32_t eval = Add("_PyEval_EvalFrameDefault", kPython);
  ArrangeInterpreters(&recording_, true);
  EXPECT_TRUE(IsShown(eval));
}

TEST_F(InterpreterFramesTest, CodeWithoutASourceIsBehindThePythonLine) {
  Add("_PyEval_EvalFrameDefault", kPython);
  const uint32_t own = Add("Fill", "/home/me/ext.so", 0x2000, "/home/me/ext.cc");
  const uint32_t installed = Add("_multiarray.so+0x99", "/usr/lib/_multiarray.so");
  const uint32_t list = Add("PyList_Append", kPython, 0x3000, "Objects/listobject.c");
  const uint32_t array = Add("array_resize", "/opt/lib/python3.11/lib-dynload/array.so", 0x4000,
                             "Modules/arraymodule.c");
  const uint32_t line = AddPython("f", "/home/me/a.py");
  const Interpreters interpreters(recording_);
  EXPECT_FALSE(interpreters.IsBehindPython(recording_.frames[own]));
  EXPECT_FALSE(interpreters.IsBehindPython(recording_.frames[line]));
  EXPECT_TRUE(interpreters.IsBehindPython(recording_.frames[installed]));
  EXPECT_TRUE(interpreters.IsBehindPython(recording_.frames[list]));
  EXPECT_TRUE(interpreters.IsBehindPython(recording_.frames[array]));
}

}  // namespace
}  // namespace heapcrest
