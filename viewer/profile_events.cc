#include "viewer/profile_events.h"

#include <algorithm>
#include <utility>

#include "profiler/format/record.h"
#include "viewer/column.h"
#include "viewer/counts_folder.h"
#include "viewer/event_order.h"
#include "viewer/profile_format.h"
#include "viewer/units.h"

namespace heapcrest {
namespace {

constexpr uint64_t kMostMicroseconds = INT64_MAX / kNanosecondsPerMicrosecond;  // 292 years

// The columns of one block. `kinds` is 0 for an allocation, otherwise how many allocations ago the
// freed one was; all others are of the allocations alone.
struct Columns {
  ColumnWriter times_us, kinds, sizes, stacks, threads, overheads, domains, finers;
  bool has_objects = false, has_finer = false;

  std::string Joined() const {
    std::string block;
    for (const ColumnWriter* column : {&times_us, &kinds, &sizes, &stacks, &threads, &overheads}) {
      column->AppendTo(&block);
    }
    if (has_objects || has_finer) domains.AppendTo(&block);
    if (has_finer) finers.AppendTo(&block);
    return block;
  }
};

}  // namespace

std::vector<std::string> EncodeEvents(const Process& process) {
  std::vector<std::string> blocks;
  EventOrder order(process);
  uint64_t last_us = 0;
  Event event;
  bool has_event = order.Next(&event);
  while (has_event) {
    Columns columns;
    for (uint32_t i = 0; i < kEventsPerBlock && has_event; ++i, has_event = order.Next(&event)) {
      const Sample& sample = process.samples[event.sample];
      const uint64_t time_ns = event.is_free ? sample.freed_ns : sample.allocated_ns;
      const uint64_t time_us = std::max(last_us, time_ns / kNanosecondsPerMicrosecond);
      columns.times_us.Number(time_us - last_us);
      last_us = time_us;
      columns.kinds.Number(event.is_free ? order.allocations() - event.sample : 0);
      if (event.is_free) continue;
      columns.sizes.Number(sample.size);
      columns.stacks.Delta(sample.stack);
      columns.threads.Number(sample.thread);
      columns.overheads.Number(sample.overhead);
      columns.domains.Number(sample.is_object ? 1 : 0);
      columns.has_objects = columns.has_objects || sample.is_object;
      columns.finers.Number(sample.finer);
      columns.has_finer = columns.has_finer || sample.finer != 0;
    }
    blocks.push_back(columns.Joined());
  }
  return blocks;
}

std::string EncodeCounts(const HeapCounts& counts) {
  ColumnWriter totals, times_us, allocations, frees, block_bytes, blocks;
  totals.Number(counts.allocated_blocks);
  totals.Number(counts.requested_bytes);
  for (const HeapPoint& point : counts.points) {
    times_us.Delta(point.at.time_ns / kNanosecondsPerMicrosecond);
    allocations.Delta(point.at.allocations);
    frees.Delta(point.at.frees);
    block_bytes.Delta(static_cast<uint64_t>(point.block_bytes));
    blocks.Delta(static_cast<uint64_t>(point.blocks));
  }
  std::string content;
  for (const auto* column : {&totals, &times_us, &allocations, &frees, &block_bytes, &blocks}) {
    column->AppendTo(&content);
  }
  if (!counts.has_objects()) return content;
  ColumnWriter objects;
  for (const ObjectCount& count : counts.objects) {
    objects.Number(count.objects);
    objects.Number(count.bytes);
  }
  objects.AppendTo(&content);
  if (!counts.has_live_objects) return content;
  ColumnWriter object_bytes, live_objects;
  for (const HeapPoint& point : counts.points) {
    object_bytes.Delta(static_cast<uint64_t>(point.object_bytes));
    live_objects.Delta(static_cast<uint64_t>(point.objects));
  }
  object_bytes.AppendTo(&content);
  live_objects.AppendTo(&content);
  return content;
}

namespace {

bool DecodeObjects(std::string_view content, HeapCounts* counts) {
  ColumnReader objects, object_bytes, live_objects;
  if (!ColumnReader::TakeFrom(&content, &objects)) return false;
  for (ObjectCount& count : counts->objects) {
    if (!objects.Number(&count.objects) || !objects.Number(&count.bytes)) return false;
  }
  counts->has_live_objects = !content.empty();
  if (!counts->has_live_objects) return true;
  if (!ColumnReader::TakeFrom(&content, &object_bytes)) return false;
  if (!ColumnReader::TakeFrom(&content, &live_objects)) return false;
  for (HeapPoint& point : counts->points) {
    uint64_t bytes, live;
    if (!object_bytes.Delta(&bytes) || !live_objects.Delta(&live)) return false;
    point.object_bytes = static_cast<int64_t>(bytes);
    point.objects = static_cast<int64_t>(live);
  }
  return true;
}

}  // namespace

bool DecodeCounts(std::string_view content, Process* process) {
  ColumnReader totals, times_us, allocations, frees, block_bytes, blocks;
  for (auto* column : {&totals, &times_us, &allocations, &frees, &block_bytes, &blocks}) {
    if (!ColumnReader::TakeFrom(&content, column)) return false;
  }
  HeapCounts counts;
  if (!totals.Number(&counts.allocated_blocks) || !totals.Number(&counts.requested_bytes)) {
    return false;
  }
  while (!times_us.AtEnd()) {
    uint64_t time_us, allocated, freed, bytes, live;
    if (!times_us.Delta(&time_us) || time_us > kMostMicroseconds) return false;
    if (!allocations.Delta(&allocated) || !frees.Delta(&freed)) return false;
    if (!block_bytes.Delta(&bytes) || !blocks.Delta(&live)) return false;
    counts.points.push_back({{time_us * kNanosecondsPerMicrosecond, allocated, freed},
                             static_cast<int64_t>(bytes),
                             static_cast<int64_t>(live)});
  }
  if (!content.empty() && !DecodeObjects(content, &counts)) return false;
  if (!MakeSense(counts, *process)) return false;
  process->counts = std::move(counts);
  return true;
}

bool EventDecoder::Decode(std::string_view content) {
  ColumnReader times_us, kinds, sizes, stacks, threads, overheads, domains, finers;
  for (ColumnReader* column : {&times_us, &kinds, &sizes, &stacks, &threads}) {
    if (!ColumnReader::TakeFrom(&content, column)) return false;
  }
  const bool has_overheads = !content.empty();  // the oldest profiles have none
  if (has_overheads && !ColumnReader::TakeFrom(&content, &overheads)) return false;
  const bool has_domains = !content.empty();
  if (has_domains && !ColumnReader::TakeFrom(&content, &domains)) return false;
  const bool has_finer = !content.empty();
  if (has_finer && !ColumnReader::TakeFrom(&content, &finers)) return false;
  while (!kinds.AtEnd()) {
    uint64_t elapsed_us, kind;
    if (!times_us.Number(&elapsed_us) || !kinds.Number(&kind)) return false;
    if (elapsed_us > kMostMicroseconds) return false;
    time_us_ += elapsed_us;
    if (time_us_ > kMostMicroseconds) return false;
    const uint64_t time_ns = std::max(time_us_ * kNanosecondsPerMicrosecond, next_ns_);
    next_ns_ = time_ns + 1;
    if (kind != 0) {
      if (!Free(kind, time_ns)) return false;
      continue;
    }
    Sample sample;
    uint64_t domain = 0, finer = 0;
    sample.allocated_ns = time_ns;
    if (!sizes.Number(&sample.size) || !stacks.Delta32(&sample.stack) ||
        !threads.Number32(&sample.thread) ||
        (has_overheads && !overheads.Number32(&sample.overhead)) ||
        (has_domains && !domains.Number(&domain)) || (has_finer && !finers.Number(&finer))) {
      return false;
    }
    if (finer > kMostFiner) return false;
    sample.is_object = domain == 1;
    sample.finer = static_cast<uint8_t>(finer);
    if (!Allocate(sample)) return false;
  }
  return true;
}

bool EventDecoder::Allocate(const Sample& sample) {
  if (sample.stack >= process_->stacks.size()) return false;
  if (sample.thread >= process_->threads.size()) return false;
  if (sample.is_object && !IsObjectSize(sample.size)) return false;
  process_->samples.push_back(sample);
  return true;
}

bool EventDecoder::Free(uint64_t allocations_ago, uint64_t time_ns) {
  if (allocations_ago > process_->samples.size()) return false;
  Sample& sample = process_->samples[process_->samples.size() - allocations_ago];
  if (sample.freed_ns != kStillLive) return false;
  sample.freed_ns = time_ns;
  return true;
}

}  // namespace heapcrest
