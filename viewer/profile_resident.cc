#include "viewer/profile_resident.h"

#include <utility>

#include "viewer/column.h"
#include "viewer/units.h"

namespace heapcrest {
namespace {

constexpr uint64_t kPage = 1024;  // the kernel counts in pages of 4 KiB or more
constexpr uint64_t kMostResidentBytes = uint64_t{1} << 56;  // sums stay far from overflow

bool TakeBytes(ColumnReader* column, int64_t* bytes) {
  uint64_t number;
  if (!column->Number(&number) || number > kMostResidentBytes) return false;
  *bytes = static_cast<int64_t>(number);
  return true;
}

bool TakeTime(uint64_t microseconds, uint64_t* time_ns) {
  *time_ns = microseconds * kNanosecondsPerMicrosecond;
  return microseconds <= INT64_MAX / kNanosecondsPerMicrosecond;
}

bool DecodeKinds(ColumnReader* column, ResidentKinds* kinds) {
  uint64_t time_us;
  return column->Number(&time_us) && TakeTime(time_us, &kinds->time_ns) &&
         TakeBytes(column, &kinds->heaps) && TakeBytes(column, &kinds->anonymous) &&
         TakeBytes(column, &kinds->stacks) && TakeBytes(column, &kinds->files) &&
         TakeBytes(column, &kinds->profiler);
}

}  // namespace

std::string EncodeResident(const Resident& resident) {
  ColumnWriter times_us, kilobytes, most;
  for (const ResidentPoint& point : resident.points) {
    times_us.Delta(point.time_ns / kNanosecondsPerMicrosecond);
    kilobytes.Delta(static_cast<uint64_t>(point.bytes) / kPage);
  }
  if (resident.most) {
    const ResidentKinds& kinds = *resident.most;
    most.Number(kinds.time_ns / kNanosecondsPerMicrosecond);
    for (const int64_t bytes :
         {kinds.heaps, kinds.anonymous, kinds.stacks, kinds.files, kinds.profiler}) {
      most.Number(static_cast<uint64_t>(bytes));
    }
  }
  std::string content;
  for (const ColumnWriter* column : {&times_us, &kilobytes, &most}) column->AppendTo(&content);
  return content;
}

bool DecodeResident(std::string_view content, Resident* resident) {
  ColumnReader times_us, kilobytes, most;
  for (ColumnReader* column : {&times_us, &kilobytes, &most}) {
    if (!ColumnReader::TakeFrom(&content, column)) return false;
  }
  Resident decoded;
  while (!times_us.AtEnd()) {
    uint64_t time_us, count;
    ResidentPoint point;
    if (!times_us.Delta(&time_us) || !TakeTime(time_us, &point.time_ns)) return false;
    if (!kilobytes.Delta(&count) || count > kMostResidentBytes / kPage) return false;
    if (!decoded.points.empty() && decoded.points.back().time_ns > point.time_ns) return false;
    point.bytes = static_cast<int64_t>(count * kPage);
    decoded.points.push_back(point);
  }
  if (!most.AtEnd() && !DecodeKinds(&most, &decoded.most.emplace())) return false;
  *resident = std::move(decoded);
  return true;
}

}  // namespace heapcrest
