#include "profiler/glibc.h"

// The linker sends every call of _dl_find_object here (--wrap), libgcc's own too.
extern "C" {
__attribute__((weak)) decltype(_dl_find_object) __real__dl_find_object;

int __wrap__dl_find_object(void* address, dl_find_object* result) noexcept {
  return __real__dl_find_object == nullptr ? -1 : __real__dl_find_object(address, result);
}
}
