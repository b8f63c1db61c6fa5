#include "tests/page/shapes.h"

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <utility>

#include "profiler/format/record.h"

namespace heapcrest {
namespace {

constexpr uint64_t kSecond = 1'000'000'000;

// Builds one process by function calls: Enter, Allocate, Leave.
class Builder {
 public:
  Builder(Recording* recording, uint32_t pid, std::vector<std::string> command)
      : recording_(recording) {
    process_.pid = pid;
    process_.parent_pid = pid - 1;
    process_.executable = command.empty() ? "" : command[0];
    process_.command = std::move(command);
    process_.interval_bytes = 65536;
    process_.start_realtime_ns = 1'700'000'000 * kSecond;
    process_.duration_ns = 2 * kSecond;
    process_.exit = {Exit::Kind::kExited, 0, false};
    process_.stacks.push_back({});
    process_.threads.push_back({0, pid, "main"});
  }

  Process& process() { return process_; }

  uint32_t Function(std::string_view function, std::string_view file, uint32_t line,
                    std::string_view module) {
    StringTable& strings = recording_->strings;
    recording_->frames.push_back(
        {strings.Intern(function), strings.Intern(file), line, strings.Intern(module)});
    return Location(static_cast<uint32_t>(recording_->frames.size() - 1));
  }

  uint32_t Location(uint32_t frame) {
    process_.locations.push_back({0, 0x1000 + process_.locations.size(), frame, 1});
    return static_cast<uint32_t>(process_.locations.size() - 1);
  }

  uint32_t Call(uint32_t stack, uint32_t location) {
    const auto [entry, is_new] =
        stacks_.try_emplace({stack, location}, static_cast<uint32_t>(process_.stacks.size()));
    if (is_new) process_.stacks.push_back({stack, location, 0});
    return entry->second;
  }

  void Allocate(uint32_t stack, uint64_t size, uint64_t at_ns, uint64_t freed_ns = kStillLive,
                uint32_t thread = 0) {
    process_.samples.push_back({size, at_ns, freed_ns, stack, thread});
  }

  void Source(uint32_t location, std::string_view text) {
    const Frame& frame = recording_->frames[process_.locations[location].first_frame];
    recording_->source.push_back({frame.file, frame.line, recording_->strings.Intern(text)});
  }

  void Finish() {
    std::stable_sort(
        process_.samples.begin(), process_.samples.end(),
        [](const Sample& a, const Sample& b) { return a.allocated_ns < b.allocated_ns; });
    recording_->processes.push_back(std::move(process_));
  }

 private:
  Recording* recording_;
  Process process_;
  std::map<std::pair<uint32_t, uint32_t>, uint32_t> stacks_;
};

std::string ClangName(std::mt19937_64* random, size_t number) {
  static constexpr const char* kSpaces[] = {"clang", "llvm", "clang::Sema", "std", "llvm::cl"};
  static constexpr const char* kClasses[] = {
      "ASTContext",    "SmallVectorImpl",      "DenseMap",  "Parser",
      "TreeTransform", "TemplateInstantiator", "FoldingSet"};
  static constexpr const char* kTypes[] = {"clang::Decl*",
                                           "clang::QualType",
                                           "unsigned int",
                                           "llvm::StringRef",
                                           "clang::Stmt*",
                                           "bool",
                                           "std::pair<llvm::StringRef, unsigned int>"};
  static constexpr const char* kMethods[] = {"getCanonicalType", "push_back",       "grow",
                                             "Transform",        "ActOnDeclarator", "Instantiate",
                                             "allocate"};
  const auto pick = [&](const auto& list) { return list[(*random)() % std::size(list)]; };
  const auto types = [&](size_t count) {
    std::string text;
    for (size_t i = 0; i < count; ++i) text += (i ? ", " : "") + std::string(pick(kTypes));
    return text;
  };
  std::string name = std::string(pick(kSpaces)) + "::" + pick(kClasses);
  if ((*random)() % 2) {
    name += "<" + types(1 + (*random)() % 5) + ", " + std::string(pick(kSpaces)) +
            "::" + pick(kClasses) + "<" + types(1 + (*random)() % 3) + "> >";
  }
  return name + "::" + pick(kMethods) + std::to_string(number) + "(" + types((*random)() % 6) + ")";
}

}  // namespace

Recording TinyRecording(uint64_t boxes) {
  Recording recording;
  Builder builder(&recording, 4711, {"./boxed", std::to_string(boxes)});
  builder.process().interval_bytes = 1;
  const uint32_t start = builder.Call(0, builder.Function("_start", "", 0, "/tmp/boxed"));
  const uint32_t main =
      builder.Call(start, builder.Function("main", "/src/samples/boxed.cc", 40, "/tmp/boxed"));
  const uint32_t make_box =
      builder.Function("MakeBox(long)", "/src/samples/boxed.cc", 31, "/tmp/boxed");
  builder.Source(make_box, "auto* box = new Box{&kType, value};");
  const uint32_t box = builder.Call(main, make_box);
  const uint32_t list = builder.Call(
      main, builder.Function("std::vector<Box*, std::allocator<Box*> >::push_back(Box* const&)",
                             "/usr/include/c++/12/bits/stl_vector.h", 1280, "/tmp/boxed"));
  for (uint64_t i = 0; i < boxes; ++i) {
    builder.Allocate(box, 28, kSecond / 10 + i * 1000, kSecond * 19 / 10 + i * 50);
  }
  for (uint64_t size = 8, at = 0; size < 8 * boxes; size *= 2, at += 50'000'000) {
    builder.Allocate(list, size, kSecond / 10 + at, kSecond / 10 + at + 50'000'000);
  }
  builder.Allocate(list, 8 * boxes, kSecond * 11 / 10);
  // What else it has in RAM is most when half of the boxes are there.
  builder.process().resident.points = {
      {0, 4'000'000}, {kSecond * 6 / 10, 60'000'000}, {kSecond * 7 / 10, 45'000'000}};
  builder.process().resident.most = {.time_ns = kSecond * 617 / 1000, .anonymous = 59'500'000};
  builder.Finish();
  return recording;
}

Recording EmptyRecording() {
  Recording recording;
  Builder(&recording, 1, {"true"}).Finish();
  return recording;
}

Recording HostileRecording() {
  Recording recording;
  recording.warnings.push_back("<b>warning</b></script>");
  Builder builder(&recording, 666, {"./evil", "</script><script>alert(1)</script>", "\xff\xfe"});
  const std::string kNames[] = {"</script><script>document.title='broken'</script>",
                                "\"><img src=x onerror=alert(1)>",
                                "' onmouseover='alert(1)",
                                std::string("nul\0inside", 10),
                                "bad \xc3\x28 utf8 \xff",
                                "\xe2\x80\xaereversed\xe2\x80\xac",
                                "<!-- comment",
                                "]]>",
                                "line\nbreak\ttab",
                                "",
                                std::string(100'000, 'x') + "</style>",
                                "operator<(A<B>, C) const",
                                "__proto__",
                                "constructor",
                                "\xef\xbb\xbf"
                                "bom",
                                "{{head}} ${x} `y` \\u0041 &lt;",
                                "(anonymous namespace)::f<(x>y)>()"};
  uint64_t size = 1 << 20;
  for (const std::string& name : kNames) {
    const uint32_t function = builder.Function(name, name, 7, "/lib/" + name);
    builder.Source(function, name);
    const uint32_t stack = builder.Call(0, function);
    builder.Allocate(stack, size += 4096, kSecond / 2);
  }
  builder.Finish();
  return recording;
}

Recording LargeRecording(size_t samples, size_t functions) {
  Recording recording;
  std::mt19937_64 random(1);
  Builder builder(&recording, 31337,
                  {"clang++-14", "-O1", "-c", "templates.cc", "-o", "/dev/null"});
  static constexpr const char* kModules[] = {
      "/usr/lib/llvm-14/bin/clang", "/usr/lib/libLLVM-14.so.1", "/usr/lib/libclang-cpp.so.14",
      "/usr/lib/libstdc++.so.6", "/usr/lib/libc.so.6"};
  std::vector<uint32_t> locations;
  for (size_t i = 0; i < functions; ++i) {
    locations.push_back(builder.Function(
        ClangName(&random, i), "/build/llvm/lib/Sema/File" + std::to_string(i % 700) + ".cpp",
        static_cast<uint32_t>(random() % 3000), kModules[random() % std::size(kModules)]));
  }
  for (size_t i = 0; i < samples; ++i) {
    uint32_t stack = 0;
    size_t at = 0;
    const size_t depth = 15 + random() % 45;
    for (size_t level = 0; level < depth; ++level) {
      // A function calls one of a few others, some of them far more often.
      const size_t draw = random() % 100;
      const size_t choice = (draw >= 94) + (draw >= 97) + (draw >= 99);
      at = (at * 31 + level * 7 + choice * 101 + 1) % functions;
      stack = builder.Call(stack, locations[at]);
    }
    const uint64_t time = i * 2 * kSecond / samples;
    const bool is_kept = random() % 3 == 0 && time < kSecond * 3 / 2;
    const uint64_t life = uint64_t{1} << (10 + random() % 20);
    builder.Allocate(stack, 16 * (1 + random() % (1 + random() % 400)), time,
                     is_kept ? kStillLive : time + life);
  }
  builder.Finish();
  return recording;
}

Recording ManyProcesses(size_t count) {
  Recording recording;
  for (size_t i = 0; i < count; ++i) {
    Builder builder(&recording, static_cast<uint32_t>(1000 + i),
                    {"/usr/bin/cc1plus", "-quiet", "file" + std::to_string(i) + ".cc"});
    if (i == 0) {
      builder.Function("main", "gcc/main.cc", 12, "/usr/bin/cc1plus");
      builder.Function("parse_file()", "gcc/parser.cc", 99, "/usr/bin/cc1plus");
      builder.process().locations.clear();
    }
    builder.process().start_monotonic_ns = i * 1'000'000;
    const uint32_t main = builder.Call(0, builder.Location(0));
    const uint32_t parse = builder.Call(main, builder.Location(1));
    builder.Allocate(parse, 100'000 + i % 1000 + (i == count / 2 ? 5'000'000 : 0), kSecond / 4);
    builder.Allocate(main, 70'000, kSecond / 2, kSecond);
    builder.Finish();
  }
  return recording;
}

Recording ExecutedRecording() {
  Recording recording;
  // The last one's block is smaller than the interval: its peak is an estimate.
  for (const auto& [program, bytes] :
       {std::pair("/usr/bin/env", 100'000), {"./app", 300'000}, {"./tool", 20'000}}) {
    Builder builder(&recording, 42, {program});
    builder.Allocate(builder.Call(0, builder.Function("main", "main.cc", 3, program)),
                     static_cast<uint64_t>(bytes), kSecond / 4);
    builder.Finish();
  }
  return recording;
}

Recording ThreadedRecording(size_t threads) {
  Recording recording;
  Builder builder(&recording, 99, {"./server"});
  builder.process().interval_bytes = 1;
  const uint32_t serve = builder.Function("Serve()", "server.cc", 20, "/tmp/server");
  const uint32_t parse = builder.Function("Parse(char const*)", "parse.cc", 8, "/tmp/server");
  const uint32_t stack = builder.Call(builder.Call(0, serve), parse);
  for (uint32_t i = 1; i < threads; ++i) {
    builder.process().threads.push_back({i, 100 + i, "worker </script> " + std::to_string(i)});
  }
  for (uint32_t i = 0; i < threads; ++i) {
    builder.Allocate(stack, i == 0 ? 500'000 : 1000 + i, kSecond / 4 + i, kStillLive, i);
    builder.Allocate(stack, 64, kSecond + i, kSecond + i + 1000, i);
  }
  builder.Finish();
  return recording;
}

Recording ScriptRecording() {
  Recording recording;
  Builder builder(&recording, 12, {"python3", "list.py"});
  builder.process().interval_bytes = 1;
  builder.process().executable = "/usr/bin/python3.11";
  builder.Function("_PyEval_EvalFrameDefault", "", 0, "/usr/bin/python3.11");
  const std::string kPackage = "/usr/lib/python3/dist-packages/numpy";
  const uint32_t append = builder.Function("<module>", "/src/list.py", 3, "/src/list.py");
  builder.process().locations[append].address |= kPythonFrameBit;
  builder.Source(append, "l.append(i)");
  const uint32_t load = builder.Function("<module>", "/src/list.py", 5, "/src/list.py");
  builder.Source(load, "import numpy");
  const uint32_t import = builder.Function("import", "<frozen importlib._bootstrap>", 0, "");
  const uint32_t package = builder.Function("<module>", kPackage + "/__init__.py", 7, kPackage);
  const uint32_t native =
      builder.Function("PyArray_Zeros", "/build/numpy/ctors.c", 30, kPackage + "/umath.so");
  const uint32_t start = builder.Call(0, builder.Function("_start", "", 0, "/usr/bin/python3.11"));
  builder.Allocate(builder.Call(start, append), 8'000'000, kSecond / 4);
  const uint32_t imported = builder.Call(builder.Call(builder.Call(start, load), import), package);
  const uint32_t loads =
      builder.Function("loads", "/usr/lib/python3.11/json/__init__.py", 9, "/usr/lib/python3.11");
  builder.Allocate(builder.Call(imported, loads), 1'000'000, kSecond / 3);
  builder.Allocate(builder.Call(imported, native), 3'000'000, kSecond / 2);
  builder.Finish();
  return recording;
}

Recording StrippedRecording() {
  Recording recording;
  Builder builder(&recording, 13, {"./app"});
  builder.process().interval_bytes = 1;
  const char* const kLibrary = "/usr/lib/libbig.so";
  const uint32_t main = builder.Call(0, builder.Function("main", "/src/main.cc", 9, "/src/app"));
  const uint32_t nameless = builder.Function("libbig.so+0x12a0", "", 0, kLibrary);
  builder.Allocate(builder.Call(main, nameless), 9'000'000, kSecond / 4);
  builder.Allocate(main, 1'000'000, kSecond / 3);
  builder.Finish();
  return recording;
}

Recording DeepRecording(size_t depth) {
  Recording recording;
  Builder builder(&recording, 77, {"./deep"});
  const uint32_t descend = builder.Function("Descend(int)", "deep.cc", 5, "/tmp/deep");
  const uint32_t work = builder.Function("Work()", "deep.cc", 9, "/tmp/deep");
  uint32_t stack = 0;
  for (size_t i = 0; i < depth; ++i) stack = builder.Call(stack, descend);
  builder.Allocate(builder.Call(stack, work), 10'000'000, kSecond);
  const uint32_t aside = builder.Function("Aside()", "deep.cc", 12, "/tmp/deep");
  builder.Allocate(builder.Call(0, aside), 200'000, kSecond);
  builder.Finish();
  return recording;
}

}  // namespace heapcrest
