"""Resident memory, as the kernel sees it, and what it is made of."""

import unittest

from heapcrest import Case, sample

MAPPED = """
import mmap, time
held = mmap.mmap(-1, 64 << 20)
for page in range(0, 32 << 20, 4096):
    held[page] = 1
time.sleep(0.5)
"""


HELD = """
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
int main(void) {
  for (int i = 0; i < 500000; ++i) memset(malloc(100), 1, 100);
  memset(malloc(32 << 20), 1, 16 << 20);
  usleep(500000);
}
"""


class ResidentTest(Case):
    def test_heap_is_what_is_resident(self):
        summary = self.profile(self.compile(HELD))
        resident = summary["resident"]
        held = 500_000 * 112 + (32 << 20) + 4096
        self.assertAlmostEqual(resident["requested_bytes"] + resident["overhead_bytes"], held,
                               delta=0.01 * held)
        self.assertAlmostEqual(resident["untouched_bytes"], 16 << 20, delta=1e6)
        self.assertLess(resident["free_bytes"] + resident["mapping_bytes"], 1e6)

    def test_tables_of_live_samples_are_no_mapping_of_the_program(self):
        resident = self.exact(self.compile(HELD))["resident"]
        self.assertGreater(resident["profiler_bytes"], 500_000 * 16)
        self.assertLess(resident["free_bytes"] + resident["mapping_bytes"], 1e6)

    def test_mapping_counts_by_the_pages_that_were_touched(self):
        summary = self.profile("/usr/bin/python3", "-c", MAPPED)
        resident = summary["resident"]
        self.assertGreater(resident["mapping_bytes"], 30e6)
        self.assertLess(resident["mapping_bytes"], 45e6)
        self.assertLess(resident["bytes"], 80e6)


if __name__ == "__main__":
    unittest.main()
