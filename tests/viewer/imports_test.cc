#include "viewer/imports.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "profiler/format/record.h"
#include "tests/viewer/recording_builder.h"
#include "viewer/explanation_text.h"
#include "viewer/interpreter_frames.h"
#include "viewer/summary.h"
#include "viewer/summary_markdown.h"

namespace heapcrest {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

// Makes Python frames of those that are called "function|file".
Recording WithPython(Recording recording) {
  for (Location& location : recording.processes[0].locations) {
    if (location.frame_count == 0) continue;
    Frame& frame = recording.frames[location.first_frame];
    const std::string name(recording.strings[frame.function]);
    const size_t bar = name.find('|');
    if (bar == std::string::npos) continue;
    frame.function = recording.strings.Intern(name.substr(0, bar));
    frame.file = recording.strings.Intern(name.substr(bar + 1));
    frame.module = 0;
    location.address =
        MakePythonFrame(1, 2) + (&location - recording.processes[0].locations.data());
  }
  return recording;
}

// What `import numpy` holds in code and in blocks, with what NumPy imports, and what the program
// holds beside it.
Recording Program() {
  const std::string main = "<module>|/home/me/a.py", find = "_find_and_load|<frozen importlib>",
                    run = "exec_module|<frozen importlib>";
  const std::string numpy = "<module>|/usr/lib/python3/dist-packages/numpy/__init__.py";
  const std::string json = "<module>|/usr/lib/python3.11/json.py";
  return WithPython(RecordingBuilder()
                        .Sample({main, find, run, "marshal"}, 100, 1000)
                        .Sample({main, find, run, numpy}, 200, 2000)
                        .Sample({main, find, run, numpy, find, run, json}, 300, 3000)
                        .Sample({"start", find, run, json}, 50, 4000)
                        .Sample({main, "zeros"}, 1000, 5000)
                        .Build());
}

std::vector<std::string> Texts(const Imports& imports) {
  std::vector<std::string> texts;
  for (const Import& import : imports.modules) {
    texts.push_back(import.module + " " + std::to_string(import.held.bytes));
  }
  return texts;
}

TEST(ImportsTest, WhatAModuleImportsIsItsOwn) {
  const Summary summary = Summarize(Program());
  EXPECT_EQ(summary.imports.held.bytes, 650);
  EXPECT_THAT(Texts(summary.imports), ElementsAre("numpy 600", "json 50"));
}

TEST(ImportsTest, ModulesOfLibrariesHaveTheirFullName) {
  RecordingBuilder builder;
  const auto import = [&builder](const std::string& file) {
    builder.Sample({"line for " + file, "_find_and_load|<frozen importlib>", "<module>|" + file},
                   100, 1000);
  };
  import("/usr/lib/python3/dist-packages/django/db/models/__init__.py");
  import("/home/me/venv/lib/python3.11/site-packages/shop/models.py");
  import("/usr/lib/python3.11/email/utils.py");
  import("/home/me/project/models.py");
  import("<frozen site>");
  EXPECT_THAT(Texts(Summarize(WithPython(builder.Build())).imports),
              UnorderedElementsAre("django.db.models 100", "shop.models 100", "email.utils 100",
                                   "models 100", "site 100"));
}

TEST(ImportsTest, FoldingLeavesOneFrameOfEachImport) {
  Recording recording = Program();
  ArrangeInterpreters(&recording, true);
  const Summary summary = Summarize(recording);
  EXPECT_EQ(summary.imports.held.bytes, 650);
  EXPECT_THAT(Texts(summary.imports), ElementsAre("numpy 600", "json 50"));
  int imports = 0;
  for (const LineSummary& line : summary.lines) {
    EXPECT_NE(FunctionText(recording, line), "exec_module");
    imports += FunctionText(recording, line) == "import" ? 1 : 0;
  }
  EXPECT_EQ(imports, 1);
}

TEST(ImportsTest, TheTextNamesThoseThatHoldMuch) {
  EXPECT_EQ(ImportsText(Summarize(Program())),
            "Imports hold 650 B of the peak: numpy 600 B, json 50 B");
}

TEST(ImportsTest, MarkdownHasTheSentence) {
  const Recording recording = Program();
  EXPECT_THAT(SummaryMarkdown(recording, Summarize(recording), 5),
              HasSubstr("\nImports hold 650 B of the peak: numpy 600 B, json 50 B.\n"));
}

TEST(ImportsTest, WithoutImportsThereIsNothingToSay) {
  const Recording recording =
      RecordingBuilder().Sample({"main", "_find_and_load"}, 10, 1000).Build();
  const Summary summary = Summarize(recording);
  EXPECT_THAT(summary.imports.modules, IsEmpty());
  EXPECT_EQ(ImportsText(summary), "");
}

}  // namespace
}  // namespace heapcrest
