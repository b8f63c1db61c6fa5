#include "viewer/report/timeline.h"

#include <algorithm>

#include "viewer/weight.h"

namespace heapcrest {
namespace {

constexpr size_t kMaxCells = 600;
constexpr size_t kMinCells = 60;

uint64_t DurationOf(const Process& process) {
  uint64_t duration = process.duration_ns;
  for (const Sample& sample : process.samples) {
    duration = std::max(duration, sample.allocated_ns);
    if (sample.freed_ns != kStillLive) duration = std::max(duration, sample.freed_ns);
  }
  return std::max<uint64_t>(duration, 1);
}

// Walks through the events, cell by cell.
class CellFiller {
 public:
  explicit CellFiller(Timeline* timeline) : timeline_(timeline) {}

  void Add(uint64_t time_ns, bool is_free, int64_t bytes, const Moment& moment) {
    const auto cell = static_cast<size_t>(static_cast<double>(time_ns) / CellWidth());
    OpenUpTo(std::min(cell, timeline_->cells.size() - 1));
    live_ += is_free ? -bytes : bytes;
    last_ = moment;
    TimeCell& now = timeline_->cells[open_ - 1];
    now.lowest_bytes = std::min(now.lowest_bytes, live_);
    if (is_free || live_ < now.highest_bytes) return;
    now.highest_bytes = live_;
    now.highest = moment;
  }

  // Each cell starts with what was live before it.
  void OpenUpTo(size_t cell) {
    for (; open_ <= cell; ++open_) {
      Moment moment = last_;
      moment.time_ns = static_cast<uint64_t>(static_cast<double>(open_) * CellWidth());
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
  Moment last_;
};

}  // namespace

Timeline MakeTimeline(const Process& process) {
  Timeline timeline;
  timeline.duration_ns = DurationOf(process);
  timeline.cells.resize(std::clamp(4 * process.samples.size(), kMinCells, kMaxCells));
  timeline.free_order.assign(process.samples.size(), kNone);
  CellFiller filler(&timeline);
  EventOrder order(process);
  for (Event event; order.Next(&event);) {
    const Sample& sample = process.samples[event.sample];
    const uint64_t time_ns = event.is_free ? sample.freed_ns : sample.allocated_ns;
    if (event.is_free) timeline.free_order[event.sample] = static_cast<uint32_t>(order.frees() - 1);
    filler.Add(time_ns, event.is_free, WeightOf(sample.size, process.interval_bytes).bytes,
               {time_ns, order.allocations(), order.frees()});
  }
  filler.OpenUpTo(timeline.cells.size() - 1);
  timeline.end = {timeline.duration_ns, order.allocations(), order.frees()};
  return timeline;
}

std::vector<Moment> MomentsOf(const Timeline& timeline, size_t stride) {
  std::vector<Moment> moments;
  for (size_t i = 0; i < timeline.cells.size(); i += stride) {
    const TimeCell* highest = &timeline.cells[i];
    for (size_t k = i; k < std::min(i + stride, timeline.cells.size()); ++k) {
      if (timeline.cells[k].highest_bytes >= highest->highest_bytes) highest = &timeline.cells[k];
    }
    moments.push_back(highest->highest);
  }
  moments.push_back(timeline.end);
  return moments;
}

}  // namespace heapcrest
