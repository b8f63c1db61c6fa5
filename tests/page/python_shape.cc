#include <array>
#include <map>
#include <utility>

#include "profiler/format/record.h"
#include "tests/page/shapes.h"
#include "viewer/event_order.h"
#include "viewer/object_types.h"
#include "viewer/weight.h"

namespace heapcrest {
namespace {

Weight WeightAt(const Process& process, size_t sample) {
  return WeightOf(process.samples[sample], process);
}

// Nearly what the samples say: a twentieth more.
constexpr double kMore = 1.05;

ObjectCounts CountObjects(const Process& process) {
  std::array<double, kObjectClasses> objects = {}, bytes = {};
  for (size_t i = 0; i < process.samples.size(); ++i) {
    const Sample& sample = process.samples[i];
    if (!sample.is_object) continue;
    const double stands_for = kMore * static_cast<double>(WeightAt(process, i).count_q16) / 65536;
    objects[ObjectClassOf(sample.size)] += stands_for;
    bytes[ObjectClassOf(sample.size)] += stands_for * static_cast<double>(sample.size);
  }
  ObjectCounts counts;
  for (size_t c = 0; c < kObjectClasses; ++c) {
    counts[c] = {static_cast<uint64_t>(objects[c]), static_cast<uint64_t>(bytes[c])};
  }
  counts[7] = {100, 100 * 128};  // and some of a class without a sample
  return counts;
}

// A point every hundred events.
HeapCounts CountBlocks(const Process& process) {
  HeapCounts counts;
  counts.has_live_objects = true;
  HeapPoint point;
  EventOrder order(process);
  for (Event event; order.Next(&event);) {
    const Sample& sample = process.samples[event.sample];
    const Weight weight = WeightAt(process, event.sample);
    if (sample.is_object) {  // a little less than their class lets expect
      const int64_t objects = weight.count_q16 >> 16;
      const auto pool_bytes = static_cast<int64_t>(sample.size + ObjectSlack(sample.size));
      point.objects += event.is_free ? -objects : objects;
      point.object_bytes += (event.is_free ? -objects : objects) * pool_bytes;
    } else {
      const int64_t bytes = (weight.bytes + weight.overhead) * 21 / 20;
      const int64_t blocks = (weight.count_q16 >> 16) * 21 / 20;
      point.block_bytes += event.is_free ? -bytes : bytes;
      point.blocks += event.is_free ? -blocks : blocks;
      if (!event.is_free) counts.allocated_blocks += static_cast<uint64_t>(blocks);
      if (!event.is_free) counts.requested_bytes += static_cast<uint64_t>(weight.bytes * 21 / 20);
    }
    point.at = {event.is_free ? sample.freed_ns : sample.allocated_ns, order.allocations(),
                order.frees()};
    if ((order.allocations() + order.frees()) % 100 == 0) counts.points.push_back(point);
  }
  counts.points.push_back(point);
  return counts;
}

// Gives most objects one of three types, each as the innermost frame of its stack.
void AddTypes(Recording* recording) {
  Process& process = recording->processes[0];
  const auto first = static_cast<uint32_t>(process.locations.size());
  for (const char* name : {"int", "str", "app.Point"}) {
    process.locations.push_back({0, kPythonTypeBit | process.locations.size(),
                                 static_cast<uint32_t>(recording->frames.size()), 1});
    recording->frames.push_back(
        {recording->strings.Intern(name), 0, 0, recording->strings.Intern(kTypesModule)});
  }
  std::map<std::pair<uint32_t, uint32_t>, uint32_t> nodes;
  for (size_t i = 0; i < process.samples.size(); ++i) {
    Sample& sample = process.samples[i];
    if (!sample.is_object || i % 5 == 0) continue;
    const uint32_t type = first + static_cast<uint32_t>(i % 3);
    const auto [node, is_new] =
        nodes.try_emplace({sample.stack, type}, static_cast<uint32_t>(process.stacks.size()));
    if (is_new) process.stacks.push_back({sample.stack, type, 0});
    sample.stack = node->second;
  }
}

}  // namespace

Recording PythonRecording(size_t samples) {
  Recording recording = LargeRecording(samples, 300);
  recording.not_sampled_frame = static_cast<uint32_t>(recording.frames.size());
  recording.frames.push_back({recording.strings.Intern("[not sampled]")});
  Process& process = recording.processes[0];
  for (size_t i = 0; i < process.samples.size(); ++i) {
    Sample& sample = process.samples[i];
    sample.is_object = IsObjectSize(sample.size) && sample.size != 128 && i % 8 != 0;
    sample.overhead = 1 + (sample.is_object ? static_cast<uint32_t>(ObjectSlack(sample.size)) : 16);
  }
  AddTypes(&recording);
  process.counts = CountBlocks(process);
  process.counts.objects = CountObjects(process);
  return recording;
}

}  // namespace heapcrest
