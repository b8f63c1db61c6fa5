#include "viewer/event_order.h"

#include <boost/sort/pdqsort/pdqsort.hpp>
#include <utility>

namespace heapcrest {

EventOrder::EventOrder(const Process& process) : process_(process) {
  // Pairs instead of a comparator that looks into the samples: half the time for millions. Frees
  // run up and down in rows, which bring std::sort to its slow way out: a quarter of its time.
  std::vector<std::pair<uint64_t, uint32_t>> frees;
  for (uint32_t i = 0; i < process.samples.size(); ++i) {
    const uint64_t time = process.samples[i].freed_ns;
    if (time != kStillLive) frees.emplace_back(time, i);
  }
  boost::sort::pdqsort(frees.begin(), frees.end());
  freed_.reserve(frees.size());
  for (const auto& [time, sample] : frees) freed_.push_back(sample);
}

bool EventOrder::Next(Event* event) {
  const std::vector<Sample>& samples = process_.samples;
  if (frees_ < freed_.size()) {
    const uint32_t next = freed_[frees_];
    const bool is_allocated = next < allocations_;
    if (is_allocated && (allocations_ == samples.size() ||
                         samples[next].freed_ns <= samples[allocations_].allocated_ns)) {
      *event = {next, true};
      ++frees_;
      return true;
    }
  }
  if (allocations_ == samples.size()) return false;
  *event = {static_cast<uint32_t>(allocations_++), false};
  return true;
}

}  // namespace heapcrest
