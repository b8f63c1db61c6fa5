// Makes captures as the profiler writes them, and as it never would.
//
// Not thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "profiler/format/capture_format.h"
#include "profiler/format/record.h"

namespace heapcrest {

// The records of one chunk.
class ChunkBuilder {
 public:
  ChunkBuilder(uint32_t number, uint64_t base_time_ns)
      : number_(number), base_time_ns_(base_time_ns) {}

  ChunkBuilder& Thread(uint64_t index, uint64_t tid = 1000, std::string_view name = "main");
  ChunkBuilder& Stack(uint64_t id, const std::vector<uint64_t>& addresses, uint64_t epoch = 0,
                      uint64_t omitted = 0, uint64_t gap = 0);
  // Returns the sample's id. `elapsed_ns` counts from the record before.
  uint64_t Allocation(uint64_t elapsed_ns, uint64_t size, uint64_t stack_id, uint64_t overhead = 0,
                      Domain domain = Domain::kMalloc, uint64_t finer = 0);
  ChunkBuilder& Counts(uint64_t elapsed_ns, const heapcrest::Counts& counts);
  ChunkBuilder& ObjectCounts(uint64_t elapsed_ns, const heapcrest::ObjectCounts& counts);
  ChunkBuilder& LiveObjects(uint64_t elapsed_ns, const heapcrest::LiveObjects& change);
  ChunkBuilder& TypeName(uint64_t type_id, std::string_view name);
  ChunkBuilder& Type(uint64_t sample_id, uint64_t type_id);
  ChunkBuilder& Free(uint64_t elapsed_ns, uint64_t sample_id);
  ChunkBuilder& Mapping(uint64_t start, uint64_t end, uint64_t bias, std::string_view path,
                        uint64_t epoch = 0);
  ChunkBuilder& Command(const std::vector<std::string>& arguments);
  ChunkBuilder& Raw(std::string_view bytes);

  const std::string& records() const { return records_; }
  std::string Bytes() const;  // padded to the size of a chunk

 private:
  template <typename Put>
  ChunkBuilder& Append(Put put);

  uint32_t number_;
  uint64_t base_time_ns_;
  uint32_t allocations_ = 0;
  std::vector<uint64_t> previous_;
  std::string records_;
};

// A capture that starts at 1,000 ns, of interval 1, pid 42, and ended with exit status 0.
CaptureHeader TestHeader();

std::string CaptureBytes(const CaptureHeader& header, const std::vector<ChunkBuilder>& chunks);

}  // namespace heapcrest
