"""Programs on other allocators keep using them, and are measured."""

import os
import re
import subprocess
import unittest

from heapcrest import Case, sample

LIBRARIES = {"jemalloc": "libjemalloc.so", "tcmalloc": "libtcmalloc.so", "mimalloc": "libmimalloc.so"}

# Allocates one block and says which library's malloc put it there: the one whose mapping or heap
# statistics changed is hard to tell, but who serves malloc_usable_size's rounding is not.
ROUNDING = """
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
int main(void) {
  for (size_t size = 1; size < 40000; size = size * 3 + 7) {
    void* volatile block = malloc(size);
    printf("%zu ", malloc_usable_size(block));
  }
  return 0;
}
"""


OWN_CALLOC = """
#include <stdlib.h>
#include <string.h>
void* __libc_malloc(size_t);
void* calloc(size_t count, size_t size) {
  void* block = __libc_malloc(count * size);
  return block == NULL ? NULL : memset(block, 0, count * size);
}
int main(void) {
  for (int i = 0; i < 200000; ++i) free(calloc(1, 1000));
  static void* volatile held[10000];
  for (int i = 0; i < 10000; ++i) held[i] = malloc(1000);
  return 0;
}
"""


class AllocatorsTest(Case):
    def test_linked(self):
        for allocator in LIBRARIES:
            with self.subTest(allocator):
                summary = self.exact(sample(f"boxed_{allocator}"), base=allocator)
                self.assertEqual(self.ran.stdout, b"sum 499999500000\n")
                self.assertEqual(self.held(summary, "NewInteger"), (28_000_000, 1_000_000))
                self.assertEqual(self.below(f"{allocator}.heapcrest", "peak", "Append"), 8_388_608)

    def test_linked_at_the_default_interval(self):
        for allocator in LIBRARIES:
            with self.subTest(allocator):
                summary = self.profile(sample(f"boxed_{allocator}"), base=allocator)
                # Their operator new is theirs too; malloc_usable_size tells what each block takes.
                self.assertAlmostEqual(summary["peak"]["bytes"], 36_465_000, delta=365_000)
                self.assertAlmostEqual(summary["allocations"], 1_000_020, delta=30)

    def test_program_that_has_calloc_itself(self):
        """We see what comes of malloc only, and the free of both."""
        program = self.compile(OWN_CALLOC)
        summary = self.profile(program)
        error = 3 * summary["peak"]["ci95_bytes"]
        self.assertGreater(error, 100_000)  # nothing is counted
        self.assertAlmostEqual(summary["peak"]["bytes"], 10_000_000, delta=error)

    def test_the_programs_allocator_still_serves_it(self):
        for allocator in LIBRARIES:
            with self.subTest(allocator):
                program = self.compile(ROUNDING, "-Wl,--no-as-needed", f"-l{allocator}",
                                       name=f"rounding_{allocator}")
                bare = subprocess.run([program], capture_output=True).stdout
                self.profile(program, options=("--interval", 1), base=allocator)
                self.assertEqual(self.ran.stdout, bare)
        glibc = self.compile(ROUNDING, name="rounding_glibc")
        self.assertNotEqual(subprocess.run([glibc], capture_output=True).stdout, bare)

    def test_address_sanitizer(self):
        program = self.compile("#include <stdlib.h>\nint main(void) {\n"
                               "  free(malloc(1000000));\n  return 0;\n}\n", "-fsanitize=address",
                               compiler="gcc")
        summary = self.exact(program)
        self.assertEqual(self.held(summary, "main"), (1_000_000, 1))

    def test_preloaded(self):
        for allocator, library in LIBRARIES.items():
            with self.subTest(allocator):
                found = subprocess.run(["ldconfig", "-p"], capture_output=True, text=True,
                                       env={"PATH": "/sbin:/usr/sbin"}).stdout
                path = re.search(rf"\S*/{re.escape(library)}\S*$", found, re.M).group(0)
                environment = dict(os.environ, LD_PRELOAD=path)
                program = self.compile(ROUNDING, name="rounding")
                bare = subprocess.run([program], capture_output=True, env=environment).stdout
                self.profile(program, base=allocator, options=("--interval", 1), env=environment)
                self.assertEqual(self.ran.stdout, bare)


if __name__ == "__main__":
    unittest.main()
