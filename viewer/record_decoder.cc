#include "viewer/record_decoder.h"

#include <algorithm>

#include "absl/strings/str_split.h"
#include "profiler/format/record.h"
#include "profiler/format/varint.h"
#include "viewer/child_exits.h"
#include "viewer/record_payload.h"

namespace heapcrest {

RecordDecoder::RecordDecoder(Process* process)
    : process_(process),
      tree_(process),
      chain_(&tree_),
      python_code_(process),
      last_time_ns_(process->start_monotonic_ns) {}

RecordDecoder::Result RecordDecoder::DecodeChunk(uint32_t chunk, uint64_t base_time_ns,
                                                 std::span<const uint8_t> records,
                                                 size_t* decoded_bytes) {
  at_ = {chunk, base_time_ns, kNone, {}};
  chain_.Restart();
  const size_t first = process_->samples.size();
  const uint8_t *const begin = records.data(), *const end = begin + records.size();
  const uint8_t* at = begin;
  Result result = Result::kWhole;
  *decoded_bytes = 0;
  while (at != end) {
    const uint8_t kind = *at++;
    uint64_t length = 0;
    const bool is_whole = GetVarint(&at, end, &length) && length <= static_cast<size_t>(end - at);
    if (!is_whole || !Decode(kind, RecordPayload(at, at + length))) {
      result = is_whole ? Result::kDamaged : Result::kCut;
      break;
    }
    at += length;
    *decoded_bytes = static_cast<size_t>(at - begin);
  }
  ids_.Add(chunk, first, process_->samples.size() - first);
  return result;
}

bool RecordDecoder::Decode(uint8_t kind, RecordPayload payload) {
  switch (static_cast<RecordKind>(kind)) {
    case RecordKind::kAllocation:
      return DecodeAllocation(payload);
    case RecordKind::kFree:
      return DecodeFree(payload);
    case RecordKind::kStack:
      return DecodeStack(payload);
    case RecordKind::kMapping:
      return DecodeMapping(payload);
    case RecordKind::kThread:
      return DecodeThread(payload);
    case RecordKind::kChildEnd:
      return DecodeChildEnd(payload);
    case RecordKind::kCounts:
      return DecodeCounts(payload);
    case RecordKind::kObjectCounts:
      return DecodeObjectCounts(payload);
    case RecordKind::kLiveObjects:
      return DecodeLiveObjects(payload);
    case RecordKind::kCommand:
      return DecodeCommand(payload);
    case RecordKind::kPythonCode:
      return python_code_.AddCode(payload.Rest());
    case RecordKind::kPythonLines:
      return python_code_.AddLines(payload.Rest());
    case RecordKind::kPythonType:
      return types_.AddName(payload, process_);
    case RecordKind::kObjectType:
      return types_.AddObject(payload, at_.chunk);
    case RecordKind::kUnknownPython:
      return python_code_.AddUnknown(payload.Rest());
  }
  return true;  // of a later version: skipped
}

bool RecordDecoder::AdvanceTime(RecordPayload* payload) {
  uint64_t delta;
  if (!payload->Number(&delta)) return false;
  if (__builtin_add_overflow(at_.time_ns, delta, &at_.time_ns)) return false;
  if (at_.time_ns > INT64_MAX) return false;  // 292 years after boot
  last_time_ns_ = std::max(last_time_ns_, at_.time_ns);
  return true;
}

bool RecordDecoder::DecodeAllocation(RecordPayload payload) {
  Sample sample;
  uint64_t stack_id, overhead = 0, domain = 0, finer = 0;
  if (!AdvanceTime(&payload) || !payload.Numbers({&sample.size, &stack_id})) return false;
  for (uint64_t* later : {&overhead, &domain, &finer}) {
    if (!payload.AtEnd() && !payload.Number(later)) return false;
  }
  sample.is_object = domain == static_cast<uint64_t>(Domain::kPythonObject);
  if (sample.is_object && !IsObjectSize(sample.size)) return false;
  if (overhead > UINT32_MAX || finer > kMostFiner) return false;
  sample.overhead = static_cast<uint32_t>(overhead);
  sample.finer = static_cast<uint8_t>(finer);
  if (at_.thread == kNone) at_.thread = ThreadWithIndex(0);
  sample.allocated_ns = at_.time_ns;
  sample.thread = at_.thread;
  process_->samples.push_back(sample);
  stack_ids_.push_back(stack_id);
  return true;
}

bool RecordDecoder::DecodeFree(RecordPayload payload) {
  if (!AdvanceTime(&payload)) return false;
  Free free = {at_.time_ns, 0};
  if (!SampleIds::TakeFrom(&payload, at_.chunk, &free.sample_id)) return false;
  frees_.push_back(free);
  return true;
}

bool RecordDecoder::DecodeCounts(RecordPayload payload) {
  Counts counts;
  uint64_t live;
  if (!AdvanceTime(&payload) ||
      !payload.Numbers({&counts.allocated, &counts.requested_bytes, &counts.freed, &live})) {
    return false;
  }
  counts.live_block_bytes = Unzigzag(live);
  counts_.Add(at_.time_ns, counts, at_.objects);
  at_.objects = {};
  return true;
}

bool RecordDecoder::DecodeObjectCounts(RecordPayload payload) {
  if (!AdvanceTime(&payload)) return false;
  if (at_.thread == kNone) at_.thread = ThreadWithIndex(0);
  at_.objects.is_unknown = true;
  return objects_.Add(at_.time_ns, at_.thread, payload);
}

bool RecordDecoder::DecodeLiveObjects(RecordPayload payload) {
  uint64_t objects, bytes;
  if (!AdvanceTime(&payload) || !payload.Numbers({&objects, &bytes})) return false;
  at_.objects = {{Unzigzag(objects), Unzigzag(bytes)}, false};
  return true;
}

bool RecordDecoder::DecodeStack(RecordPayload payload) {
  uint64_t id;
  StackChain::Head head;
  if (!payload.Numbers({&id, &head.epoch, &head.omitted, &head.gap, &head.shared})) return false;
  if (!chain_.Begin(head)) return false;
  for (uint64_t delta; !payload.AtEnd();) {
    if (!payload.Number(&delta)) return false;
    chain_.AddFrame(Unzigzag(delta));
  }
  uint32_t stack;
  if (!chain_.End(&stack)) return false;
  if (stack != kNone) stack_of_id_.try_emplace(id, stack);
  return true;
}

bool RecordDecoder::DecodeMapping(RecordPayload payload) {
  Mapping mapping;
  uint64_t build_id_bytes = 0;
  if (!payload.Numbers({&mapping.epoch, &mapping.start, &mapping.end, &mapping.bias}) ||
      !payload.Number(&build_id_bytes) || !payload.Bytes(build_id_bytes, &mapping.build_id)) {
    return false;
  }
  mapping.path = payload.Rest();
  process_->mappings.push_back(std::move(mapping));
  return true;
}

bool RecordDecoder::DecodeThread(RecordPayload payload) {
  uint64_t index, tid;
  if (!payload.Numbers({&index, &tid})) return false;
  at_.thread = ThreadWithIndex(index);
  Thread& thread = process_->threads[at_.thread];
  thread.tid = tid;
  // Threads are named after they began: the latest name is the best.
  if (!payload.Rest().empty()) thread.name = payload.Rest();
  return true;
}

bool RecordDecoder::DecodeChildEnd(RecordPayload payload) {
  uint64_t pid, status;
  if (!AdvanceTime(&payload) || !payload.Numbers({&pid, &status})) return false;
  if (pid > UINT32_MAX || status > UINT16_MAX) return false;
  process_->child_exits.push_back(
      {static_cast<uint32_t>(pid), at_.time_ns, ExitOfWaitStatus(static_cast<int>(status))});
  return true;
}

bool RecordDecoder::DecodeCommand(RecordPayload payload) {
  std::string texts(payload.Rest());
  if (texts.ends_with('\0')) texts.pop_back();
  const std::vector<std::string> arguments = absl::StrSplit(texts, '\0');
  process_->executable = arguments.front();
  process_->command.assign(arguments.begin() + 1, arguments.end());
  return true;
}

uint32_t RecordDecoder::ThreadWithIndex(uint64_t index) {
  const auto [entry, is_new] =
      thread_of_index_.try_emplace(index, static_cast<uint32_t>(process_->threads.size()));
  if (is_new) process_->threads.push_back({index, 0, ""});
  return entry->second;
}

RecordDecoder::Loose RecordDecoder::Finish() {
  Loose loose;
  ApplyFrees(&loose);
  ApplyStacks(&loose);
  types_.Apply(ids_, &tree_, process_);
  const uint64_t start = process_->start_monotonic_ns;
  for (Sample& sample : process_->samples) {
    sample.allocated_ns -= std::min(sample.allocated_ns, start);
    if (sample.freed_ns == kStillLive) continue;
    sample.freed_ns -= std::min(sample.freed_ns, start);
    sample.freed_ns = std::max(sample.freed_ns, sample.allocated_ns);
  }
  // Stable: within a chunk, the order of records is the truth where the clock stands still.
  std::ranges::stable_sort(process_->samples, {}, &Sample::allocated_ns);
  process_->counts = counts_.Fold(*process_);
  objects_.Fold(process_);
  return loose;
}

void RecordDecoder::ApplyFrees(Loose* loose) {
  for (const Free& free : frees_) {
    const size_t place = ids_.Find(free.sample_id);
    if (place == SampleIds::kUnknown) {
      ++loose->frees;
      continue;
    }
    Sample& sample = process_->samples[place];
    if (sample.freed_ns != kStillLive) ++loose->frees;
    sample.freed_ns = std::min(sample.freed_ns, free.time_ns);
  }
  frees_ = {};
}

void RecordDecoder::ApplyStacks(Loose* loose) {
  for (size_t i = 0; i < stack_ids_.size(); ++i) {
    const auto entry = stack_of_id_.find(stack_ids_[i]);
    if (entry == stack_of_id_.end()) ++loose->stacks;
    process_->samples[i].stack = entry == stack_of_id_.end() ? tree_.Lost() : entry->second;
  }
  stack_ids_ = {};
}

}  // namespace heapcrest
