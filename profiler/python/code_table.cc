#include "profiler/python/code_table.h"

#include <algorithm>
#include <cstring>

#include "profiler/python/memory.h"

namespace heapcrest {
namespace {

uint64_t Mix(uint64_t hash, uint64_t word) {
  hash = (hash ^ word) * 0x9e3779b97f4a7c15;
  return hash ^ (hash >> 29);
}

uint64_t Mix(uint64_t hash, const PythonBytes& bytes) {
  const size_t count = bytes.bytes();
  hash = Mix(hash, count);
  size_t i = 0;
  for (; i + 8 <= count; i += 8) hash = Mix(hash, Load<uint64_t>(bytes.data + i));
  uint64_t rest = 0;
  if (i < count) memcpy(&rest, bytes.data + i, count - i);
  return Mix(hash, rest);
}

uint64_t HashOf(const PythonCodeFacts& facts) {
  const uint64_t hash = Mix(Mix(Mix(facts.first_line, facts.file), facts.name), facts.lines);
  return hash == 0 || hash == UINT64_MAX ? 1 : hash;  // the table's own marks
}

// Of what is beside the code object itself one or two cache lines each.
uint64_t MixEnds(uint64_t hash, const PythonBytes& bytes) {
  uint64_t ends[2] = {};
  const size_t count = bytes.bytes(), end = std::min(count, sizeof(uint64_t));
  if (end > 0) {
    memcpy(&ends[0], bytes.data, end);
    memcpy(&ends[1], bytes.data + count - end, end);
  }
  hash = Mix(Mix(hash, reinterpret_cast<uint64_t>(bytes.data)), count);
  return Mix(Mix(hash, ends[0]), ends[1]);
}

uint64_t KeyOf(const uint8_t* code, const PythonCodeFacts& facts) {
  const uint64_t hash = Mix(facts.first_line, reinterpret_cast<uint64_t>(code));
  return MixEnds(MixEnds(MixEnds(hash, facts.file), facts.name), facts.lines) | 1;  // not 0
}

}  // namespace

constinit PythonCodeTable g_python_code;

PythonCodeFacts FactsOf(const PythonInterpreter& python, const uint8_t* code) {
  const auto& at = python.layout.code;
  return {TextOf(python, LoadPointer(code + at.filename)),
          TextOf(python, LoadPointer(code + at.name)),
          BytesOf(python, LoadPointer(code + at.lines)), Load<uint32_t>(code + at.first_line)};
}

uint64_t PythonCodeTable::Intern(const PythonInterpreter& python, const uint8_t* code,
                                 NewPythonCode* fresh) {
  const PythonCodeFacts facts = FactsOf(python, code);
  const uint64_t key = KeyOf(code, facts);
  uint64_t id;
  if (known_.Find(key, &id)) return id;
  id = InternNew(code, facts, fresh);
  if (id != kMaxPythonCodeId) known_.Add(key, id);
  return id;
}

uint64_t PythonCodeTable::InternNew(const uint8_t* code, const PythonCodeFacts& facts,
                                    NewPythonCode* fresh) {
  const uint64_t hash = HashOf(facts);
  uint64_t id = hashes_.Find(hash);
  if (id == LockFreeTable::kNoSlot && fresh->count < NewPythonCode::kMost) {
    id = hashes_.Insert(hash, 0);
    if (id < kMaxPythonCodeId) fresh->entries[fresh->count++] = {code, id};
  }
  return id < kMaxPythonCodeId ? id : kMaxPythonCodeId;
}

}  // namespace heapcrest
