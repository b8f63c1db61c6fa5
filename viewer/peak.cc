#include "viewer/peak.h"

namespace heapcrest {
namespace {

Moment FindMoment(const Process& process, EventOrder* order) {
  Moment moment;
  int64_t live = 0, highest = 0;
  for (Event event; order->Next(&event);) {
    const Sample& sample = process.samples[event.sample];
    const int64_t bytes = WeightOf(sample.size, process.interval_bytes).bytes;
    live += event.is_free ? -bytes : bytes;
    if (event.is_free || live < highest) continue;
    highest = live;
    moment = {sample.allocated_ns, order->allocations(), order->frees()};
  }
  return moment;
}

// Amounts of the stacks that occur, found by stack.
class AmountsByStack {
 public:
  explicit AmountsByStack(size_t stack_count) : places_(stack_count, kNone) {}

  Amounts& operator[](uint32_t stack) {
    uint32_t& place = places_[stack];
    if (place == kNone) {
      place = static_cast<uint32_t>(amounts_.size());
      amounts_.push_back({stack, {}});
    }
    return amounts_[place].amounts;
  }

  std::vector<StackAmounts> Sorted() const {
    std::vector<StackAmounts> sorted;
    sorted.reserve(amounts_.size());
    for (const uint32_t place : places_) {
      if (place != kNone) sorted.push_back(amounts_[place]);
    }
    return sorted;
  }

 private:
  std::vector<uint32_t> places_;
  std::vector<StackAmounts> amounts_;
};

}  // namespace

void AddWeight(const Weight& weight, Amount* amount) {
  amount->bytes += weight.bytes;
  amount->count_q16 += weight.count_q16;
  amount->samples += 1;
  amount->variance_bytes2 += weight.variance_bytes2;
}

Peak FindPeak(const Process& process) {
  Peak peak;
  EventOrder order(process);
  peak.moment = FindMoment(process, &order);
  std::vector<bool> is_freed_by_peak(process.samples.size());
  for (size_t i = 0; i < peak.moment.frees; ++i) is_freed_by_peak[order.freed()[i]] = true;

  AmountsByStack stacks(process.stacks.size());
  for (size_t i = 0; i < process.samples.size(); ++i) {
    const Sample& sample = process.samples[i];
    const Weight weight = WeightOf(sample.size, process.interval_bytes);
    const bool live_at[kViewCount] = {i < peak.moment.allocations && !is_freed_by_peak[i],
                                      sample.freed_ns == kStillLive, true};
    Amounts& amounts = stacks[sample.stack];
    for (size_t view = 0; view < kViewCount; ++view) {
      if (!live_at[view]) continue;
      AddWeight(weight, &amounts[view]);
      AddWeight(weight, &peak.total[view]);
    }
  }
  peak.stacks = stacks.Sorted();
  return peak;
}

}  // namespace heapcrest
