// What only glibc has, as weak symbols: the loader of another libc (musl's, in a child of a
// profiled program) can then take this library in, which does nothing there.
//
// Thread-safe. Called from hooks: yes (slow path). Allocates: never.
#pragma once

#include <dlfcn.h>
#include <stdlib.h>

#pragma weak on_exit
extern "C" {
__attribute__((weak)) extern void* __libc_stack_end;  // where the main thread's stack begins
// at_quick_exit, without the function that libc links into each library.
__attribute__((weak)) int __cxa_at_quick_exit(void (*handler)(void*), void* library);
}

namespace heapcrest {

inline bool RunsOnGlibc() { return &__libc_stack_end != nullptr; }

}  // namespace heapcrest
