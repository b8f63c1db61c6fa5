// Brings a malloc of its own, linked into the program: calls never leave the executable, so no
// preloaded library sees them. `heapcrest run` must say so.
#include <cstddef>
#include <cstdio>
#include <cstring>

alignas(16) static char memory[64 << 20];
static size_t used = 0;

extern "C" {
void* malloc(size_t size) {
  if (used + size + 16 > sizeof(memory)) return nullptr;
  char* block = memory + used;
  used += (size + 15) / 16 * 16;
  return block;
}
void free(void*) {}
void* calloc(size_t count, size_t size) { return malloc(count * size); }  // memory is zero
void* realloc(void* old, size_t size) {
  void* block = malloc(size);
  if (old != nullptr && block != nullptr) memmove(block, old, size);
  return block;
}
}

int main() {
  for (int i = 0; i < 100; ++i) {
    if (malloc(10'000) == nullptr) return 1;
  }
  puts("allocated");
}
