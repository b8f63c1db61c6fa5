#include "tests/viewer/recording_builder.h"

#include <algorithm>
#include <random>
#include <sstream>

#include "profiler/format/record.h"
#include "viewer/counts_folder.h"
#include "viewer/object_types.h"

namespace heapcrest {
namespace {

constexpr std::string_view kType = "type ";

}  // namespace

RecordingBuilder::RecordingBuilder(uint64_t interval_bytes, uint32_t pid) {
  Process process;
  process.pid = pid;
  process.parent_pid = 1;
  process.interval_bytes = interval_bytes;
  process.command = {"app", "--fast"};
  process.executable = "/bin/app";
  process.exit = {Exit::Kind::kExited, 0};
  process.threads = {{0, pid, "main"}};
  process.stacks = {{}};
  recording.processes.push_back(process);
}

RecordingBuilder& RecordingBuilder::Sample(const std::vector<std::string>& functions, uint64_t size,
                                           uint64_t allocated_ns, uint64_t freed_ns) {
  Process& process = recording.processes[0];
  uint32_t node = 0;
  for (const std::string& function : functions) {
    const auto [entry, is_new] =
        nodes_.try_emplace({node, function}, static_cast<uint32_t>(process.stacks.size()));
    if (is_new && function.starts_with("...")) {
      process.stacks.push_back({node, kNone, std::stoul(function.substr(3))});
    } else if (is_new) {
      process.stacks.push_back({node, LocationOf(function), 0});
    }
    node = entry->second;
  }
  process.samples.push_back({size, allocated_ns, freed_ns, node, 0});
  process.duration_ns = std::max(process.duration_ns, allocated_ns);
  return *this;
}

Recording RecordingBuilder::Build() {
  std::stable_sort(recording.processes[0].samples.begin(), recording.processes[0].samples.end(),
                   [](const auto& a, const auto& b) { return a.allocated_ns < b.allocated_ns; });
  return std::move(recording);
}

uint32_t RecordingBuilder::LocationOf(const std::string& function) {
  Process& process = recording.processes[0];
  const auto [entry, is_new] =
      locations_.try_emplace(function, static_cast<uint32_t>(process.locations.size()));
  if (!is_new) return entry->second;
  Location location;
  location.address = 0x1000 + 16 * process.locations.size();
  location.first_frame = static_cast<uint32_t>(recording.frames.size());
  if (function.starts_with(kType)) {
    location.address = kPythonTypeBit | process.locations.size();
    location.frame_count = 1;
    recording.frames.push_back({recording.strings.Intern(function.substr(kType.size())), 0, 0,
                                recording.strings.Intern(kTypesModule)});
    process.locations.push_back(location);
    return entry->second;
  }
  std::istringstream names(function);
  for (std::string name; std::getline(names, name, '@'); ++location.frame_count) FrameOf(name);
  if (function.empty()) location.frame_count = 1, FrameOf("");
  process.locations.push_back(location);
  return entry->second;
}

uint32_t RecordingBuilder::FrameOf(const std::string& function) {
  const size_t colon = function.rfind(':');
  const bool has_line = colon != std::string::npos && colon + 1 < function.size() &&
                        std::isdigit(static_cast<unsigned char>(function[colon + 1]));
  Frame frame;
  frame.function = recording.strings.Intern(has_line ? function.substr(0, colon) : function);
  frame.file = recording.strings.Intern("/src/app/main.cc");
  frame.line = has_line ? static_cast<uint32_t>(std::stoul(function.substr(colon + 1))) : 7;
  frame.module = recording.strings.Intern("/bin/app");
  recording.frames.push_back(frame);
  return static_cast<uint32_t>(recording.frames.size() - 1);
}

namespace {

constexpr const char* kNames[] = {"main",         "f:1",
                                  "f:2",          "g@h@i",
                                  "malloc",       "operator new(unsigned long)",
                                  "a;b c",        "bad\xff\n\x1b[31m",
                                  "...5",         "",
                                  "</script>|`*", "h"};

// Exact counts of what the samples say, or nearly, or not at all.
void AddRandomCounts(std::mt19937_64* random, uint64_t last_ns, Process* process) {
  const auto below = [&](uint64_t n) { return (*random)() % n; };
  CountsFolder folder;
  const bool is_unknown = below(2) == 0;
  for (Sample& sample : process->samples) {
    if (!sample.is_object) sample.overhead = static_cast<uint32_t>(1 + below(40));
    if (below(4) == 0) continue;
    const Counts counts = {1 + below(20), sample.size * (1 + below(20)), below(10),
                           static_cast<int64_t>(sample.size * below(20))};
    const auto objects = static_cast<int64_t>(below(30)) - 10;
    folder.Add(process->start_monotonic_ns + sample.allocated_ns, counts,
               {{objects, objects * static_cast<int64_t>(16 * (1 + below(32)))}, is_unknown});
  }
  folder.Add(process->start_monotonic_ns + last_ns,
             {0, 0, below(100), -static_cast<int64_t>(below(100'000))});
  process->counts = folder.Fold(*process);
  for (uint64_t c = 0; c < kObjectClasses; ++c) {
    if (below(2) == 0) continue;
    ObjectCount& count = process->counts.objects[c];
    count.objects = 1 + below(10'000);
    count.bytes = count.objects * (c * kObjectClassBytes + 1 + below(kObjectClassBytes));
  }
  HeapCounts& counts = process->counts;
  counts.has_live_objects = counts.has_live_objects && counts.has_objects();
}

Process RandomProcess(std::mt19937_64* random, Recording* recording) {
  const auto below = [&](uint64_t n) { return (*random)() % n; };
  RecordingBuilder builder(below(2) == 0 ? 1 : 1 + below(5000),
                           static_cast<uint32_t>(1 + below(1000)));
  std::swap(builder.recording.strings, recording->strings);
  std::swap(builder.recording.frames, recording->frames);
  Process& process = builder.recording.processes[0];
  const uint64_t samples = below(200);
  const bool is_python = below(2) == 0;
  const uint64_t most_finer = below(2) * kMostFiner;
  const uint64_t last = 1 + below(2) * 10'000'000 + below(100);
  for (uint64_t i = 0; i < samples; ++i) {
    std::vector<std::string> functions = {"main"};
    for (uint64_t depth = below(8); depth > 0; --depth) functions.push_back(kNames[below(12)]);
    const uint64_t allocated = below(last);
    const uint64_t freed = below(3) == 0 ? kStillLive : allocated + below(last);
    const uint64_t size = below(is_python ? 700 : 20'000);
    if (is_python && size % 3 == 0) functions.emplace_back(size % 2 == 0 ? "type a;b" : "type int");
    builder.Sample(functions, size, allocated, freed);
    process.samples.back().finer = static_cast<uint8_t>(below(most_finer + 1));
    if (is_python && IsObjectSize(process.samples.back().size)) {
      process.samples.back().is_object = true;
      process.samples.back().overhead = 1 + static_cast<uint32_t>(below(16));
    }
    if (below(20) != 0) continue;
    process.samples.back().stack = static_cast<uint32_t>(process.stacks.size());
    process.stacks.emplace_back();
  }
  std::swap(builder.recording.strings, recording->strings);
  std::swap(builder.recording.frames, recording->frames);
  Process made = builder.Build().processes[0];
  if (below(2) == 0) AddRandomCounts(random, last, &made);
  return made;
}

}  // namespace

Recording RandomRecording(uint64_t seed) {
  std::mt19937_64 random(seed);
  Recording recording;
  recording.lost_stack_frame = 0;
  recording.frames.push_back({recording.strings.Intern("[stack lost]")});
  recording.not_sampled_frame = 1;
  recording.frames.push_back({recording.strings.Intern("[not sampled]")});
  for (uint64_t left = 1 + random() % 3; left > 0; --left) {
    recording.processes.push_back(RandomProcess(&random, &recording));
  }
  recording.warnings.emplace_back("bytes \xfe that are no UTF-8");
  return recording;
}

}  // namespace heapcrest
