// Writes a report of a made-up recording and, beside it, the summary that it must agree with.
//   make_page SHAPE OUT.html [OUT.json]
#include <chrono>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <string>

#include "tests/page/shapes.h"
#include "viewer/report.h"
#include "viewer/summary.h"
#include "viewer/summary_json.h"

int main(int argc, char** argv) {
  using heapcrest::Recording;
  const std::map<std::string, std::function<Recording()>> kShapes = {
      {"tiny", [] { return heapcrest::TinyRecording(); }},
      {"empty", heapcrest::EmptyRecording},
      {"hostile", heapcrest::HostileRecording},
      {"clang", [] { return heapcrest::LargeRecording(5'500, 10'000); }},
      {"200k", [] { return heapcrest::LargeRecording(22'000, 20'000); }},
      {"1m", [] { return heapcrest::LargeRecording(150'000, 50'000); }},
      {"processes", [] { return heapcrest::ManyProcesses(100'000); }},
      {"executed", heapcrest::ExecutedRecording},
      {"deep", [] { return heapcrest::DeepRecording(20'000); }},
      {"threads", [] { return heapcrest::ThreadedRecording(300); }},
      {"many-threads", [] { return heapcrest::ThreadedRecording(100'000); }},
      {"folded", [] { return heapcrest::LargeRecording(60'000, 2'000); }},
      {"script", heapcrest::ScriptRecording},
      {"stripped", heapcrest::StrippedRecording},
      {"python", [] { return heapcrest::PythonRecording(5'000); }},
  };
  if (argc < 3 || !kShapes.contains(argv[1])) {
    std::cerr << "usage: make_page SHAPE OUT.html [OUT.json]\n";
    return 2;
  }
  const Recording recording = kShapes.at(argv[1])();
  const auto start = std::chrono::steady_clock::now();
  const std::string page = heapcrest::RenderReport(
      recording,
      {.version = "0.1.0",
       .page_megabytes = argv[1] == std::string("folded") ? 1 : heapcrest::kDefaultPageMegabytes});
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  std::ofstream(argv[2]) << page;
  std::cerr << argv[1] << ": " << page.size() << " bytes in " << seconds.count() << " s\n";
  if (argc > 3)
    std::ofstream(argv[3]) << heapcrest::SummaryJson(recording, heapcrest::Summarize(recording),
                                                     1000);
  return 0;
}
