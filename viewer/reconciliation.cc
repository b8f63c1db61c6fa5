#include "viewer/reconciliation.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "viewer/sample_weights.h"
#include "viewer/units.h"

namespace heapcrest {
namespace {

constexpr int64_t kTelling = 50;  // so small a part more is hardly another figure

constexpr int64_t kPageBytes = 4096;
constexpr int64_t kLeastMapped = 16 * kPageBytes;  // glibc maps from 128 KiB on, unless told so

int64_t BlockBytes(const Sample& sample) {
  return static_cast<int64_t>(sample.size) + std::max<int64_t>(sample.overhead, 1) - 1;
}

// Of blocks that are not part of a heap. All of them are sampled.
int64_t MappedBlocks(const Process& process, uint64_t time_ns) {
  int64_t bytes = 0;
  for (const Sample& sample : process.samples) {
    const int64_t block = BlockBytes(sample);
    if (block % kPageBytes != 0 || block < kLeastMapped || !sample.IsLiveAt(time_ns)) continue;
    bytes += block;
  }
  return bytes;
}

HeapPoint PointAt(const std::vector<HeapPoint>& points, uint64_t time_ns) {
  const auto later = std::find_if(points.begin(), points.end(), [time_ns](const HeapPoint& point) {
    return point.at.time_ns > time_ns;
  });
  return later == points.begin() ? HeapPoint() : *std::prev(later);
}

int64_t AllBlocks(const Process& process, uint64_t time_ns) {
  const std::vector<HeapPoint>& points = process.counts.points;
  if (!points.empty()) return PointAt(points, time_ns).block_bytes;
  int64_t bytes = 0;
  for (const Sample& sample : process.samples) {
    if (sample.is_object || !sample.IsLiveAt(time_ns)) continue;
    const Weight weight = WeightOf(sample, process);
    bytes += weight.bytes + weight.overhead;
  }
  return bytes;
}

SmallBlocks ObjectsAt(const Process& process, const SampleWeights& weights, uint64_t time_ns) {
  SmallBlocks objects;
  for (size_t i = 0; i < process.samples.size(); ++i) {
    if (!process.samples[i].is_object || !process.samples[i].IsLiveAt(time_ns)) continue;
    const Weight weight = weights[i];
    objects.bytes += weight.bytes;
    objects.overhead += weight.overhead;
  }
  return objects;
}

int64_t PoolBytesAt(const Process& process, const SampleWeights& weights, uint64_t time_ns) {
  const HeapCounts& counts = process.counts;
  if (counts.has_live_objects) return PointAt(counts.points, time_ns).object_bytes;
  const SmallBlocks objects = ObjectsAt(process, weights, time_ns);
  return objects.bytes + objects.overhead;
}

// What malloc adds to `blocks` bytes of blocks. It is known of the peak, and this is hardly another
// moment.
int64_t OverheadOf(int64_t blocks, const Amount& peak, const SmallBlocks& objects) {
  const int64_t overhead = std::max<int64_t>(peak.overhead - objects.overhead, 0);
  const int64_t whole = peak.bytes - objects.bytes + overhead;
  if (whole <= 0) return 0;
  return std::llround(static_cast<double>(blocks) * static_cast<double>(overhead) /
                      static_cast<double>(whole));
}

}  // namespace

std::vector<ReconciliationTerm> TermsOf(const Reconciliation& sum) {
  return {{sum.requested, "requested", "requested_bytes"},
          {sum.overhead, "added by malloc", "overhead_bytes"},
          {-sum.untouched, "never touched", "untouched_bytes"},
          {sum.kept_free, "kept free by malloc", "free_bytes"},
          {sum.objects, "Python's small objects", "object_bytes"},
          {sum.mappings, "other mappings", "mapping_bytes"},
          {sum.files, "programs and files", "file_bytes"},
          {sum.stacks, "stacks", "stack_bytes"},
          {sum.profiler, "heapcrest itself", "profiler_bytes"}};
}

std::vector<std::string> InWords(const Reconciliation& sum) {
  std::vector<std::string> words = {
      FormatBytes(sum.resident) + " of RAM, " +
      FormatSeconds(static_cast<double>(sum.time_ns) / double{kNanosecondsPerSecond}) +
      " after the start"};
  for (const ReconciliationTerm& term : TermsOf(sum)) {
    if (term.bytes == 0) continue;
    const char* sign = term.bytes < 0 ? " - " : words.size() == 1 ? " = " : " + ";
    words.push_back(sign + FormatBytes(std::abs(term.bytes)) + " " + term.what);
  }
  if (sum.highest > sum.resident + sum.resident / kTelling)
    words.push_back("; at most " + FormatBytes(sum.highest));
  return words;
}

std::optional<Reconciliation> Reconcile(const Process& process, const Peak& peak) {
  if (!process.resident.most) return std::nullopt;
  const ResidentKinds& kinds = *process.resident.most;
  Reconciliation sum;
  sum.time_ns = kinds.time_ns;
  sum.resident = sum.highest = kinds.total();
  for (const ResidentPoint& point : process.resident.points)
    sum.highest = std::max(sum.highest, point.bytes);
  sum.stacks = kinds.stacks;
  sum.files = kinds.files;
  sum.profiler = kinds.profiler;
  const int64_t blocks = AllBlocks(process, kinds.time_ns);
  const int64_t mapped = std::min(MappedBlocks(process, kinds.time_ns), blocks);
  const SampleWeights weights(process);
  const SmallBlocks at_peak = process.counts.has_live_objects
                                  ? peak.calibration[0].truth.objects
                                  : ObjectsAt(process, weights, peak.moment.time_ns);
  sum.overhead = std::min(blocks, OverheadOf(blocks, peak.total[0], at_peak));
  sum.requested = blocks - sum.overhead;
  sum.kept_free = kinds.heaps - (blocks - mapped);
  sum.objects = std::min(PoolBytesAt(process, weights, kinds.time_ns), kinds.anonymous);
  sum.mappings = kinds.anonymous - mapped - sum.objects;
  if (sum.kept_free < 0) {  // another allocator than glibc's has its heaps elsewhere
    sum.has_heaps_elsewhere = -sum.kept_free > blocks / 2;
    sum.mappings += sum.kept_free;
    sum.kept_free = 0;
  }
  sum.untouched = std::max<int64_t>(-sum.mappings, 0);
  sum.mappings = std::max<int64_t>(sum.mappings, 0);
  return sum;
}

}  // namespace heapcrest
