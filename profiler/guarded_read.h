// Reads memory that may be gone, or never was there: the kernel does it, and says so.
//
// Thread-safe. Called from hooks: yes (slow path); a system call, and changes errno. Allocates:
// never.
#pragma once

#include <sys/uio.h>
#include <unistd.h>

#include <cstddef>

namespace heapcrest {

inline bool ReadGuarded(const void* at, void* out, size_t bytes) {
  const iovec local = {out, bytes};
  const iovec remote = {const_cast<void*>(at), bytes};
  return process_vm_readv(getpid(), &local, 1, &remote, 1, 0) == static_cast<ssize_t>(bytes);
}

}  // namespace heapcrest
