#include "viewer/report/timeline.h"

#include <algorithm>
#include <utility>

#include "viewer/live_sums.h"
#include "viewer/sample_weights.h"
#include "viewer/weight.h"

namespace heapcrest {
namespace {

constexpr size_t kMaxCells = 600;
constexpr size_t kMinCells = 60;

uint64_t DurationOf(const Process& process) {
  uint64_t duration = process.duration_ns;
  for (const HeapPoint& point : process.counts.points) {
    duration = std::max(duration, point.at.time_ns);
  }
  for (const Sample& sample : process.samples) {
    duration = std::max(duration, sample.allocated_ns);
    if (sample.freed_ns != kStillLive) duration = std::max(duration, sample.freed_ns);
  }
  return std::max<uint64_t>(duration, 1);
}

// Puts the live bytes of one moment after the other into cells.
class CellFiller {
 public:
  explicit CellFiller(Timeline* timeline) : timeline_(timeline) {}

  // `may_be_highest`: false for a moment that only takes away.
  void Add(const PickedMoment& moment, int64_t live, bool may_be_highest) {
    const double cell = static_cast<double>(moment.at.time_ns) / CellWidth();
    const double last = static_cast<double>(timeline_->cells.size() - 1);
    OpenUpTo(static_cast<size_t>(std::min(cell, last)));
    PickedMoment& most_resident = timeline_->most_resident;
    if (moment.at.time_ns <= most_resident.at.time_ns) {
      most_resident.at = {most_resident.at.time_ns, moment.at.allocations, moment.at.frees};
      most_resident.point = moment.point;
    }
    live_ = live;
    last_ = moment;
    TimeCell& now = timeline_->cells[open_ - 1];
    now.lowest_bytes = std::min(now.lowest_bytes, live_);
    if (!may_be_highest || live_ < now.highest_bytes) return;
    now.highest_bytes = live_;
    now.highest = moment;
  }

  // Each cell starts with what was live before it.
  void OpenUpTo(size_t cell) {
    for (; open_ <= cell; ++open_) {
      PickedMoment moment = last_;
      moment.at.time_ns = static_cast<uint64_t>(static_cast<double>(open_) * CellWidth());
      timeline_->cells[open_] = {live_, live_, moment};
    }
  }

 private:
  // In floating point: hostile times times 600 would overflow.
  double CellWidth() const {
    return static_cast<double>(timeline_->duration_ns) /
           static_cast<double>(timeline_->cells.size());
  }

  Timeline* timeline_;
  size_t open_ = 0;
  int64_t live_ = 0;
  PickedMoment last_;
};

// By the samples alone.
void FillFromEvents(const Process& process, CellFiller* filler) {
  int64_t live = 0;
  EventOrder order(process);
  for (Event event; order.Next(&event);) {
    const Sample& sample = process.samples[event.sample];
    const int64_t bytes = WeightOf(sample, process).bytes;
    live += event.is_free ? -bytes : bytes;
    const uint64_t time_ns = event.is_free ? sample.freed_ns : sample.allocated_ns;
    filler->Add({{time_ns, order.allocations(), order.frees()}, 0}, live, !event.is_free);
  }
}

void FillFromCounts(const Process& process, const Peak& peak, CellFiller* filler) {
  const int64_t peak_bytes = peak.total[0].bytes;
  const SampleWeights weights(process);
  LiveSums live(process, weights);
  for (size_t i = 0; i < process.counts.points.size(); ++i) {
    const HeapPoint& point = process.counts.points[i];
    const SampleSums& sums = live.At(point.at);
    const Truth truth = TruthAt(process.counts, point, sums, peak.usual_overhead);
    const int64_t bytes = sums.large.bytes + truth.small.bytes + truth.objects.bytes;
    // The peak is where blocks took most of the heap; what was requested of it is an estimate,
    // and beside a flat peak it may stand a hair above.
    const int64_t shown = i == peak.point ? peak_bytes : std::min(bytes, peak_bytes - 1);
    filler->Add({point.at, i}, shown, true);
  }
}

// When most was in RAM: as its kinds were seen then, for only these add up to what is said of it.
ResidentPoint MostResident(const Resident& resident) {
  if (resident.most) return {resident.most->time_ns, resident.most->total()};
  const auto most = std::max_element(
      resident.points.begin(), resident.points.end(),
      [](const ResidentPoint& a, const ResidentPoint& b) { return a.bytes < b.bytes; });
  return most == resident.points.end() ? ResidentPoint{} : *most;
}

// A cell without a look is as the one before. Nothing lies above the most: short looks and walks
// through the mappings differ by a little.
std::vector<int64_t> ResidentByCell(const Process& process, const Timeline& timeline) {
  const std::vector<ResidentPoint>& points = process.resident.points;
  if (points.empty()) return {};
  const ResidentPoint most = MostResident(process.resident);
  const size_t count = timeline.cells.size();
  const double width = static_cast<double>(timeline.duration_ns) / static_cast<double>(count);
  std::vector<int64_t> resident(count, 0);
  size_t next = 0;
  int64_t last = 0;
  for (size_t i = 0; i < count; ++i) {
    const double end = width * static_cast<double>(i + 1);
    resident[i] = last;
    for (; next < points.size() && static_cast<double>(points[next].time_ns) < end; ++next) {
      last = std::min(points[next].bytes, most.bytes);
      resident[i] = std::max(resident[i], last);
    }
  }
  const double cell = static_cast<double>(most.time_ns) / width;
  resident[static_cast<size_t>(std::min(cell, static_cast<double>(count - 1)))] = most.bytes;
  return resident;
}

// In the order of events, and of time where nothing happened.
bool IsBefore(const PickedMoment& a, const PickedMoment& b) {
  const auto key = [](const Moment& at) {
    return std::pair(at.allocations + at.frees, at.time_ns);
  };
  return key(a.at) < key(b.at);
}

}  // namespace

Timeline MakeTimeline(const Process& process, const Peak& peak) {
  Timeline timeline;
  timeline.duration_ns = DurationOf(process);
  const size_t events = 4 * (process.samples.size() + process.counts.points.size());
  timeline.cells.resize(std::clamp(events, kMinCells, kMaxCells));
  timeline.free_order.assign(process.samples.size(), kNone);
  const EventOrder order(process);
  for (uint32_t i = 0; i < order.freed().size(); ++i) timeline.free_order[order.freed()[i]] = i;
  timeline.end.at = {timeline.duration_ns, process.samples.size(), order.freed().size()};
  timeline.most_resident.at.time_ns = MostResident(process.resident).time_ns;
  CellFiller filler(&timeline);
  if (process.counts.points.empty()) {
    FillFromEvents(process, &filler);
  } else {
    FillFromCounts(process, peak, &filler);
    timeline.end.point = process.counts.points.size() - 1;
  }
  filler.OpenUpTo(timeline.cells.size() - 1);
  timeline.resident = ResidentByCell(process, timeline);
  return timeline;
}

std::vector<PickedMoment> MomentsOf(const Timeline& timeline, size_t stride) {
  std::vector<PickedMoment> moments;
  for (size_t i = 0; i < timeline.cells.size(); i += stride) {
    const TimeCell* highest = &timeline.cells[i];
    for (size_t k = i; k < std::min(i + stride, timeline.cells.size()); ++k) {
      if (timeline.cells[k].highest_bytes >= highest->highest_bytes) highest = &timeline.cells[k];
    }
    moments.push_back(highest->highest);
  }
  if (!timeline.resident.empty()) {
    const auto place =
        std::upper_bound(moments.begin(), moments.end(), timeline.most_resident, IsBefore);
    moments.insert(place, timeline.most_resident);
  }
  moments.push_back(timeline.end);
  return moments;
}

}  // namespace heapcrest
