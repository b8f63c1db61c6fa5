#include "profiler/python/code_table.h"

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
  const uint64_t hash = HashOf(FactsOf(python, code));
  uint64_t id = hashes_.Find(hash);
  if (id == LockFreeTable::kNoSlot && fresh->count < NewPythonCode::kMost) {
    id = hashes_.Insert(hash, 0);
    if (id < kMaxPythonCodeId) fresh->entries[fresh->count++] = {code, id};
  }
  return id < kMaxPythonCodeId ? id : kMaxPythonCodeId;
}

}  // namespace heapcrest
