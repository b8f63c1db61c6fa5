#include "profiler/glibc.h"

// The linker sends every call of _dl_find_object here (--wrap), libgcc's own too, which takes for
// granted that every object has a table of frames: one without gets a table of no known version.
extern "C" {
__attribute__((weak)) decltype(_dl_find_object) __real__dl_find_object;

int __wrap__dl_find_object(void* address, dl_find_object* result) noexcept {
  static unsigned char no_table[4] = {};
  if (__real__dl_find_object == nullptr || __real__dl_find_object(address, result) != 0) return -1;
  if (result->dlfo_eh_frame == nullptr) result->dlfo_eh_frame = no_table;
  return 0;
}
}
