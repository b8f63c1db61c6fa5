// Opens, reads, writes and closes files where a thread may have been asked to end.
//
// glibc's own open, read, pread, pwrite and close are cancellation points (pthreads(7)): called
// from malloc they would end a thread in the middle of our work, at a place where POSIX says that
// it goes on.
//
// Thread-safe and async-signal-safe. Called from hooks: yes (slow path). Allocates: never.
#pragma once

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstddef>

namespace heapcrest {

inline int OpenUncancelled(const char* path, int flags, mode_t mode = 0) {
  return static_cast<int>(syscall(SYS_openat, AT_FDCWD, path, flags, mode));
}

inline ssize_t ReadUncancelled(int file, void* bytes, size_t count) {
  return syscall(SYS_read, file, bytes, count);
}

inline ssize_t ReadUncancelledAt(int file, void* bytes, size_t count, off_t offset) {
  return syscall(SYS_pread64, file, bytes, count, offset);
}

inline ssize_t WriteUncancelledAt(int file, const void* bytes, size_t count, off_t offset) {
  return syscall(SYS_pwrite64, file, bytes, count, offset);
}

inline void CloseUncancelled(int file) { syscall(SYS_close, file); }

}  // namespace heapcrest
