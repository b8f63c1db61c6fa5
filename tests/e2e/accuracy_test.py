"""Sampled runs against exact ones: the short form of tests/bench/accuracy.py.

docs/sampling.md says what is counted and what is estimated. Bounds are those of the counts (the peak's
step of 1/512, its moment) or 6 standard deviations of a share: a run that is right fails less than once
in a million.
"""

import math
import sys
import unittest

from heapcrest import BUILD, COMMAND, SOURCE, Case, sample

sys.path.insert(0, str(SOURCE / "tests" / "bench"))
import accuracy  # noqa: E402

RUNS = 8


class AccuracyTest(Case):
    def tally(self, *command):
        exact = accuracy.profile(COMMAND, command, 1, self.folder)
        tally = accuracy.Tally(exact)
        for _ in range(RUNS):
            tally.add(accuracy.profile(COMMAND, command, 65536, self.folder))
        return tally

    def test_a_million_boxes_are_a_million_boxes(self):
        summary = self.profile(sample("boxed"))
        size, count = self.held(summary, "NewInteger")
        self.assertLess(abs(size / 28_000_000 - 1), 0.01)
        self.assertLess(abs(count / 1_000_000 - 1), 0.01)
        self.assertLess(abs(self.held(summary, "Append")[0] / 8_388_608 - 1), 0.01)
        self.assertEqual(summary["allocations"], self.exact(sample("boxed"))["allocations"])

    def test_the_peak_is_counted(self):
        for command in (["boxed"], ["threads"], ["busy", "1"]):
            tally = self.tally(sample(command[0]), *command[1:])
            # What threads do at the same time differs from run to run.
            bound = 0.005 if command[0] == "boxed" else 0.02
            self.assertLess(max(map(abs, tally.peaks)), bound, command)

    def test_intervals_hold_the_truth_of_lines(self):
        runs = held = 0
        programs = accuracy.programs(BUILD)
        for name in ("threads", "sqlite3", "perl"):
            tally = self.tally(*programs[name])
            runs += len(tally.errors)
            held += tally.held
        self.assertGreater(runs, 40)
        # Lines of one run share their error: half of them at most are independent.
        self.assertGreater(held / runs, 0.95 - 6 * math.sqrt(0.95 * 0.05 / (runs / 2)))


if __name__ == "__main__":
    unittest.main()
