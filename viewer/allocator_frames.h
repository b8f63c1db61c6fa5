// Knows the functions that are an allocator's door: malloc, operator new and their kin, under
// their own names and those of glibc, jemalloc, tcmalloc, mimalloc and ours, and the well-known
// wrappers of C programs (zmalloc, xmalloc, g_malloc, PyObject_Malloc, ...). As the innermost
// frames of a stack they say nothing that the reader does not know: the call tree folds them into
// their caller, and so are the C++ and Rust libraries' own steps to them (std::allocator::allocate,
// alloc::alloc::Global).
//
// Thread-safe: pure functions.
#pragma once

#include <string_view>

namespace heapcrest {

// `function` is demangled; with or without parameters.
bool IsAllocatorFrame(std::string_view function, std::string_view module);

}  // namespace heapcrest
