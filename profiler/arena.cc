#include "profiler/arena.h"

#include <sys/mman.h>

namespace heapcrest {

void* MapPages(size_t bytes) {
  void* pages = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (pages == MAP_FAILED) return nullptr;
  // A huge page would make a sparsely used table resident at once.
  madvise(pages, bytes, MADV_NOHUGEPAGE);
  // A core dump stays as small as it was. By these flags resident_parts.cc knows what is ours.
  madvise(pages, bytes, MADV_DONTDUMP);
  return pages;
}

void UnmapPages(void* pages, size_t bytes) {
  if (pages != nullptr) munmap(pages, bytes);
}

}  // namespace heapcrest
