// Gives the kernel back what reading unwind tables made resident.
//
// A rule is read once for each address, all over the .eh_frame of the program's libraries, and with
// each first touch the kernel maps 64 kB of the file. In clang++ that became 7 MB. Once 4 MB have
// been touched, they are unmapped: the pages are the page cache's, and whoever needs one again, a
// C++ exception say, has it back within a microsecond. For that moment /proc/self/pagemap is open.
//
// Thread-safe and async-signal-safe. Called from hooks: yes (slow path). Allocates: never.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace heapcrest {

class TablePages {
 public:
  // A word of a table at `address` was read.
  void Touched(uintptr_t address);

  // A library was unloaded: what lay in it may be something else by now.
  void Forget();

 private:
  static constexpr size_t kWindowBytes = size_t{64} << 10;  // the kernel's fault_around_bytes
  static constexpr size_t kWindows = 64;
  // A program that needs more of its tables again and again had better keep them.
  static constexpr uint32_t kMostTimes = 32;
  void GiveBack();

  std::atomic<uintptr_t> windows_[kWindows];  // their first bytes; 0: none
  std::atomic<uint32_t> times_;
};

extern TablePages g_table_pages __attribute__((visibility("hidden")));

}  // namespace heapcrest
