// A million numbers as objects: what `l.append(i)` in a loop does in CPython. Each number is a
// block of its own, with a header that is larger than the number; the list holds pointers to them.
//
// boxed [count]
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "samples/keep.h"

struct Integer {
  int64_t reference_count;
  const char* type;
  int64_t digits;
  uint32_t digit;  // the number itself
};

// What CPython asks for, an int of one digit: 28 bytes.
constexpr size_t kIntegerBytes = offsetof(Integer, digit) + sizeof(uint32_t);
static_assert(kIntegerBytes == 28);

NOINLINE Integer* NewInteger(uint32_t value) {
  auto* integer = static_cast<Integer*>(malloc(kIntegerBytes));
  integer->reference_count = 1;
  integer->type = "int";
  integer->digits = 1;
  integer->digit = value;
  return integer;
}

NOINLINE void Append(std::vector<Integer*>* list, Integer* integer) {
  list->push_back(integer);  // doubles when full: 8,388,608 B for a million pointers
}

NOINLINE uint64_t Sum(const std::vector<Integer*>& list) {
  uint64_t sum = 0;
  for (const Integer* integer : list) sum += integer->digit;
  return sum;
}

int main(int argc, char** argv) {
  const uint32_t count = argc > 1 ? static_cast<uint32_t>(strtoul(argv[1], nullptr, 10)) : 1000000;
  std::vector<Integer*> list;
  for (uint32_t i = 0; i < count; ++i) Append(&list, NewInteger(i));
  printf("sum %llu\n", static_cast<unsigned long long>(Sum(list)));
  for (Integer* integer : list) free(integer);
}
